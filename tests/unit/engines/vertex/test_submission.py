"""The documented way to submit a job, run as it stands: what arrives is what Google's own client would send."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from google.cloud.aiplatform_v1.types import PipelineJob
from google.protobuf import json_format

ROOT = Path(__file__).resolve().parents[4]
JOB = yaml.load((ROOT / "rendered/vertex/europe/latent-boundary/pipelinejob.yaml").read_text(), yaml.CSafeLoader)
PARENT, _, ID = JOB["name"].partition("/pipelineJobs/")
ACCESS = "a-token"  # what `gcloud auth print-access-token` prints here


@dataclass
class Api:
    """A server in the place of Vertex AI's: the requests that arrived, and the status that it answers with."""

    url: str
    requests: list[dict[str, Any]]
    status: int = 200


@pytest.fixture
def api() -> Iterator[Api]:
    known = Api("", [])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            url, headers = urlsplit(self.path), {key.lower(): value for key, value in self.headers.items()}
            known.requests.append({"path": url.path, "query": parse_qs(url.query), "headers": headers, "body": body})
            answer = body if known.status == 200 else {"error": {"code": known.status, "status": "ALREADY_EXISTS"}}
            text = json.dumps(answer).encode()
            self.send_response(known.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_port}"
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


def _submit(api: Api, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the lines of the page, with a `gcloud` that has a token."""
    if not which("curl"):
        pytest.skip("not run: 1 test, there is no curl")
    (lines,) = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/vertex.md").read_text("utf-8"), re.DOTALL)
    gcloud = folder / "gcloud"
    gcloud.write_text(f'#!/bin/sh\n[ "$*" = "auth print-access-token" ] && echo {ACCESS}\n')
    gcloud.chmod(0o755)
    path = f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "VERTEX_ENDPOINT": api.url, "no_proxy": "*"}
    command = ["bash", "-euo", "pipefail", "-c", lines]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _sent_by_google_s_client(api: Api, job: PipelineJob) -> dict[str, Any]:
    """The request of google-cloud-aiplatform for the same job."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.aiplatform_v1.services.pipeline_service import PipelineServiceClient
    from google.cloud.aiplatform_v1.services.pipeline_service.transports import PipelineServiceRestTransport

    host = api.url.removeprefix("http://")
    transport = PipelineServiceRestTransport(host=host, credentials=AnonymousCredentials(), url_scheme="http")
    PipelineServiceClient(transport=transport).create_pipeline_job(parent=PARENT, pipeline_job=job, pipeline_job_id=ID)
    return api.requests.pop()


def test_the_job_arrives_whole_at_its_project_and_location(api: Api, tmp_path: Path) -> None:
    done = _submit(api, tmp_path)

    assert done.returncode == 0, done.stderr
    (request,) = api.requests
    assert request["path"] == f"/v1/{PARENT}/pipelineJobs" and request["query"] == {"pipelineJobId": [ID]}
    assert request["headers"]["authorization"] == f"Bearer {ACCESS}"
    assert request["headers"]["content-type"] == "application/json"
    assert request["body"] == JOB
    assert json.loads(done.stdout)["displayName"] == "latent-boundary"


def test_google_s_client_sends_the_same(api: Api, tmp_path: Path) -> None:
    job = PipelineJob.from_json(json.dumps(JOB), ignore_unknown_fields=False)
    sent = _sent_by_google_s_client(api, job)

    assert _submit(api, tmp_path).returncode == 0

    (request,) = api.requests
    assert request["path"] == sent["path"]
    assert request["query"]["pipelineJobId"] == sent["query"]["pipelineJobId"]
    assert request["body"] == sent["body"] == json_format.MessageToDict(PipelineJob.pb(job))


def test_a_refusal_of_the_server_is_shown_and_fails(api: Api, tmp_path: Path) -> None:
    api.status = 409

    done = _submit(api, tmp_path)

    assert done.returncode != 0
    assert "ALREADY_EXISTS" in done.stdout and "409" in done.stderr


def test_without_an_endpoint_of_ones_own_it_goes_to_that_of_the_location(tmp_path: Path) -> None:
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\ncat > /dev/null; for last; do :; done; echo "$last"\n')
    curl.chmod(0o755)

    done = _submit(Api("", []), tmp_path)

    location = JOB["name"].split("/")[3]
    assert (
        done.stdout.strip()
        == f"https://{location}-aiplatform.googleapis.com/v1/{PARENT}/pipelineJobs?pipelineJobId={ID}"
    )
