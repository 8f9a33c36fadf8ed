"""An API server is asked as kubectl asks it: again where it has too much to do, and once for what it does not know."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from lightkube import KubeConfig
from lightkube.config.models import Cluster, User

from generators.errors import Unreached
from generators.live import cluster

STATUS = {"kind": "Status", "apiVersion": "v1", "status": "Failure"}
EMPTY = {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []}
BUSY = (429, {**STATUS, "code": 429, "reason": "TooManyRequests", "message": "storage is (re)initializing"})


class Server:
    """An API server on the loopback that gives these answers one after the other."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = iter(answers)
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, answer = next(server.answers)
                text = answer if isinstance(answer, str) else json.dumps(answer)
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if isinstance(answer, str) else "application/json")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def context(self) -> Any:
        url = f"http://127.0.0.1:{self.http.server_port}"
        return KubeConfig.from_one(cluster=Cluster(server=url), user=User(token="secret"), context_name="here").get()


@pytest.fixture
def served() -> Iterator[Any]:
    servers: list[Server] = []

    def serve(*answers: tuple[int, Any]) -> Any:
        servers.append(Server(*answers))
        return servers[-1].context

    yield serve
    for server in servers:
        server.http.shutdown()
        server.http.server_close()


def asked(context: Any) -> list[Any]:
    with cluster.connect(context, "ml") as client:
        return cluster.each(client, cluster.ConfigMap, "ml", {})


def test_a_server_that_has_too_much_to_do_is_asked_again(served: Any) -> None:
    assert asked(served(BUSY, (200, EMPTY))) == []


def test_a_kind_that_it_does_not_know_has_no_objects(served: Any) -> None:
    with cluster.connect(served((404, "404 page not found"), (404, "404 page not found")), "ml") as client:
        assert cluster.each(client, cluster.Workflow, "ml", {}) == []
        assert not cluster.is_known(client, cluster.Application, "argocd")


@pytest.mark.parametrize(
    ("answer", "message", "fix"),
    [
        ((401, {**STATUS, "code": 401, "message": "Unauthorized"}), "does not know the user of context here", "log in"),
        ((403, {**STATUS, "code": 403, "message": "cannot list configmaps"}), "cannot list configmaps", "ask for"),
        ((502, "<html>bad gateway</html>"), "it answered 502, not as an API server does", "look at http://127"),
    ],
)
def test_a_refusal_is_said_with_what_to_do(served: Any, answer: tuple[int, Any], message: str, fix: str) -> None:
    with pytest.raises(Unreached, match=message) as refused:
        asked(served(answer))
    assert fix in refused.value.fix


def test_a_server_that_is_not_there_is_said() -> None:
    context = KubeConfig.from_one(cluster=Cluster(server="http://127.0.0.1:9"), user=User(), context_name="gone").get()

    with pytest.raises(Unreached, match=r"http://127\.0\.0\.1:9: .*refused"):
        asked(context)
