"""A real S3 server that checks its keys, and a proxy before it that fails or cuts what passes as it is told."""

from __future__ import annotations

import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from moto.core.authorization import ActionAuthenticatorMixin
from moto.server import ThreadedMotoServer

LOOPBACK = "127.0.0.1"
POLICY = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'


@dataclass(frozen=True)
class Keys:
    """Of one user of the server."""

    access: str
    secret: str


@contextmanager
def s3(bucket: str) -> Iterator[tuple[str, Keys]]:
    """The server's URL, and keys that it takes; it refuses all others, by the signature of each request."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "setup")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "setup")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        forget_clients()
        server = ThreadedMotoServer(LOOPBACK, 0, verbose=False)
        server.start()
        url = f"http://{LOOPBACK}:{server._server.socket.getsockname()[1]}"
        boto3.Session().client("s3", endpoint_url=url, region_name="us-east-1").create_bucket(Bucket=bucket)
        iam = boto3.Session().client("iam", endpoint_url=url, region_name="us-east-1")
        user = f"step-{uuid.uuid4().hex}"  # the servers of one process share what they know
        iam.create_user(UserName=user)
        iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=POLICY)
        made = iam.create_access_key(UserName=user)["AccessKey"]
        patch.setattr("moto.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0)
        patch.setattr(ActionAuthenticatorMixin, "request_count", 1)
        try:
            yield url, Keys(made["AccessKeyId"], made["SecretAccessKey"])
        finally:
            server.stop()
            forget_clients()


def forget_clients() -> None:
    """A step has one set of keys, and boto3 and MLflow keep what they made of it; a process of tests has several."""
    boto3.DEFAULT_SESSION = None
    if repository := sys.modules.get("mlflow.store.artifact.s3_artifact_repo"):
        repository._cached_get_s3_client.cache_clear()


@dataclass
class Proxy:
    """Hands requests on; `before` may answer a request with a status in its place, `cut` shorten a body."""

    target: str
    url: str = ""
    asked: list[str] = field(default_factory=list)
    before: Callable[[str, str], int | None] = lambda method, path: None
    cut: Callable[[str, str, bytes], bytes] = lambda method, path, body: body
    cut_answer: Callable[[str, str, bytes], bytes] = lambda method, path, body: body


@contextmanager
def proxy(target: str) -> Iterator[Proxy]:
    """A proxy on a port of its own."""
    made = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.asked.append(f"{self.command} {self.path}")
            if status := made.before(self.command, self.path):
                self._answer(status, [("Content-Length", "0")], b"")
                return
            sent = made.cut(self.command, self.path, body)
            headers = {name: value for name, value in self.headers.items() if name not in ("Content-Length", "Expect")}
            connection = HTTPConnection(made.target.removeprefix("http://"), timeout=20)
            connection.request(self.command, self.path, sent, headers)  # says nothing of its own about the body
            answer = connection.getresponse()
            self._answer(answer.status, answer.headers.items(), answer.read())
            connection.close()

        def _answer(self, status: int, headers: object, body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in ("transfer-encoding", "connection", "server", "date"):
                    self.send_header(name, value)
            self.end_headers()
            shown = made.cut_answer(self.command, self.path, body)
            self.wfile.write(shown)
            self.close_connection = len(shown) < len(body)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _handle

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made.url = f"http://{LOOPBACK}:{server.server_port}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
