"""A service account logs in to a real PostgreSQL by its token, which a server in place of Google's gives out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from graft_steps import iam_login

sys.path.append(str(Path(__file__).resolve().parents[3] / "tests" / "e2e"))

from cluster import host, postgres
from cluster.requirements import MissingRequirement, not_run

USER, TOKEN = "pipelines@ml-4711.iam", "ya29.a-token-of-the-account"  # not a credential
SOURCE = Path(__file__).resolve().parents[1] / "src"
MLFLOW = """
import os
from graft_steps import records
from graft_steps.run_context import RunContext
client = records.client(RunContext.from_variables(os.environ))
print(client.get_experiment(client.create_experiment("by-iam")).name)
"""
CONNECTIONS = """
import os, sqlalchemy
from graft_steps import iam_login
from graft_steps.run_context import RunContext
sqlalchemy.event.listen(sqlalchemy.Engine, "do_connect", iam_login.log_in)
engine = sqlalchemy.create_engine(RunContext.from_variables(os.environ).tracking)
with engine.connect() as one, engine.connect() as other:
    print(*(each.execute(sqlalchemy.text("SELECT current_user")).scalar() for each in (one, other)), sep="\\n")
"""


@dataclass
class Google:
    """Where Google's metadata are asked for, and the scopes of the tokens that were."""

    address: str
    scopes: list[str] = field(default_factory=list)

    @property
    def variables(self) -> dict[str, str]:
        return {"GCE_METADATA_HOST": self.address, "GCE_METADATA_IP": self.address}


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose one user has the token for a password; the URL of its database as an environment has it."""
    place, port = host.Host(tmp_path_factory.mktemp("postgres")), host.free_port()
    try:
        process = postgres.start(place, host.LOOPBACK, port, USER, TOKEN, "mlflow")
    except MissingRequirement as missing:
        not_run(request, missing)
    yield f"postgresql://{quote(USER)}@{host.LOOPBACK}:{port}/mlflow"
    process.stop()


@pytest.fixture
def google() -> Iterator[Google]:
    """The metadata server of a machine on Google Cloud, by which it knows its account."""
    known = Google("")

    class Metadata(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            found = {"email": f"{USER}.gserviceaccount.com", "scopes": [], "aliases": ["default"]}
            if url.path.endswith("/token"):
                known.scopes.append(parse_qs(url.query).get("scopes", [""])[0])
                found = {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}
            self.send_response(200)
            self.send_header("Metadata-Flavor", "Google")
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer((host.LOOPBACK, 0), Metadata)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    known.address = f"{host.LOOPBACK}:{http.server_port}"
    yield known
    http.shutdown()
    thread.join()
    http.server_close()


def _step(program: str, tracking: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program as a step does, in a process of its own, on a machine where nobody has logged in."""
    own = ("GOOGLE_APPLICATION_CREDENTIALS", "GCE_METADATA_ROOT", "PGPASSWORD")
    kept = {name: value for name, value in os.environ.items() if name not in own}
    context = dict.fromkeys(("GRAFT_PIPELINE", "GRAFT_ENVIRONMENT", "GRAFT_DEFINITION", "GRAFT_IMAGE"), "x")
    services = {"MLFLOW_TRACKING_URI": tracking, "STORAGE_URI": f"{folder}/store", "no_proxy": "*"}
    environment = kept | context | services | {"CLOUDSDK_CONFIG": str(folder), "PYTHONPATH": str(SOURCE)} | variables
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_mlflow_logs_in_as_the_account(server: str, google: Google, tmp_path: Path) -> None:
    done = _step(MLFLOW, server, tmp_path, **google.variables)

    assert done.stdout == "by-iam\n", done.stderr
    assert set(google.scopes) == {iam_login.SCOPE}


def test_every_connection_has_a_token_of_its_own(server: str, google: Google, tmp_path: Path) -> None:
    done = _step(CONNECTIONS, server, tmp_path, **google.variables)

    assert done.stdout == f"{USER}\n{USER}\n", done.stderr
    assert google.scopes == [iam_login.SCOPE] * 2


def test_a_password_that_is_there_is_used(server: str, google: Google, tmp_path: Path) -> None:
    done = _step(CONNECTIONS, server, tmp_path, **google.variables, PGPASSWORD="another")  # not a credential

    assert "password authentication failed" in done.stderr and google.scopes == []


def test_without_an_account_the_step_says_what_is_missing(server: str, tmp_path: Path) -> None:
    done = _step(CONNECTIONS, server, tmp_path, NO_GCE_CHECK="true")

    assert f"StepError: the database's user {USER} logs in by IAM, and there is no service account" in done.stderr


@pytest.mark.parametrize("user", ["mlflow", "mlflow@example.org", "", "iam"])
def test_other_users_are_left_alone(user: str) -> None:
    parameters = {"user": user, "host": "x"}

    iam_login.log_in(None, None, None, parameters)

    assert parameters == {"user": user, "host": "x"}
