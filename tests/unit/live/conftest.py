"""What runs on clusters are started against: a rendered repository, the server of Argo Workflows, and that of KFP.

The first server takes and gives what hera's models of Argo's published API take and give. The second is that of the
component `operations`, whose tests hold it to kfp_server_api's models.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hera.workflows.models import Workflow, WorkflowCreateRequest, WorkflowTemplate

from generators.inventory.read import Repository
from generators.verbs import render

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "components/operations/tests"))

DIGEST = "sha256:" + "1" * 64
Edit = Callable[[Path, str, str], None]


@dataclass
class ArgoServer:
    """The server's state; `answers` are the statuses that a workflow has one after the other, the last for ever."""

    url: str = ""
    token: str = "Bearer secret"
    templates: dict[str, Any] = field(default_factory=dict)
    workflows: dict[str, Any] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def answer(self, method: str, path: list[str], query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        match method, path:
            case "GET", ["workflow-templates", _, name]:
                found = self.templates.get(name)
                return (200, _as(WorkflowTemplate, found)) if found else (404, {"code": 5, "message": "not found"})
            case "POST", ["workflows", _]:
                workflow = WorkflowCreateRequest.model_validate(body).workflow
                self.workflows[workflow.metadata.name] = _plain(workflow)
                return 200, _plain(workflow)
            case "GET", ["workflows", _, name]:
                status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                return 200, _as(
                    Workflow, {**self.workflows[name], "status": json.loads(json.dumps(status).replace("NAME", name))}
                )
            case "GET", ["workflows", _, name, "log"]:
                assert query["logOptions.container"] == ["main"] and query["podName"][0].startswith(name)
                return 200, [{"result": {"content": line, "podName": query["podName"][0]}} for line in self.log]
        return 404, {"code": 5, "message": f"no such path: {method} {'/'.join(path)}"}


def _plain(model: Any) -> Any:
    return json.loads(model.model_dump_json(by_alias=True, exclude_none=True))


def _as(model: Any, found: Any) -> Any:
    """The object, once it has been read by the model of Argo's API."""
    return _plain(model.model_validate(found))


def _handler(server: ArgoServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", None)

        def do_POST(self) -> None:
            self._answer("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, method: str, body: Any) -> None:
            url = urlsplit(self.path)
            server.requests.append(f"{method} {url.path}")
            path = url.path.removeprefix("/argo/api/v1/").split("/")
            status, answer = 401, {"code": 16, "message": "token not valid"}
            if self.headers.get("Authorization") == server.token:
                status, answer = server.answer(method, path, parse_qs(url.query), body)
            lines = answer if isinstance(answer, list) else [answer]
            self.send_response(status)
            self.end_headers()
            self.wfile.write("\n".join(map(json.dumps, lines)).encode())

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def argo_server() -> Iterator[ArgoServer]:
    """A server of Argo Workflows on the loopback, below a path of its own."""
    state = ArgoServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    state.url = f"http://127.0.0.1:{server.server_port}/argo"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def built(tiny: Path, edit: Edit) -> Path:
    """The tiny repository, whose staging has images that somebody has built."""
    listed = f'images:\n    greeter: {{"723f2352": "{DIGEST}"}}\n'
    edit(tiny / "environments/staging.yml", "unbuilt_images: accept\n", listed)
    render.render(Repository(tiny))
    return tiny


@pytest.fixture
def on_server(built: Path, edit: Edit, argo_server: ArgoServer) -> Path:
    """The same, where the cluster `two` has that server, and the server what is rendered."""
    fact = f'argo_server: "{argo_server.url}", server: "https://two.staging.test"'
    edit(built / "environments/staging.yml", 'server: "https://two.staging.test"', fact)
    render.render(Repository(built))
    template = yaml.load((built / "rendered/staging/two/greet/workflowtemplate.yaml").read_text(), yaml.CSafeLoader)
    argo_server.templates[template["metadata"]["name"]] = template
    return built
