"""Serves the commits of a checkout's current branch as a Git repository, by HTTPS or HTTP, and changes nothing in it.

Whatever path is asked for, it is this repository; whatever the current branch is called, its head is served as the
branch that the server was told, and is looked up each time that references are asked for.
"""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cluster import process, serving
from cluster.host import Host
from cluster.process import Process
from cluster.sandbox import Sandbox

PLAIN = "-"  # in place of a certificate: HTTP
ENDPOINTS = ("/info/refs", "/git-upload-pack")  # of Git's smart protocol, for those who read
# Nobody's own settings; a checkout may belong to another user than root, who the tests may run as.
SETTINGS = "[safe]\n\tdirectory = *\n"


def start(
    place: Sandbox | Host, address: str, port: int, checkout: Path, branch: str, certificate: tuple[Path, Path] | None
) -> Process:
    """The server, by HTTPS where it has a certificate and its key."""
    files = certificate or (PLAIN, PLAIN)
    return serving.start(place, "git_server", address, port, *files, checkout, branch, place.folder / "repository.git")


class Followed:
    """A bare repository whose one branch is where a checkout's head is; it takes the objects from there."""

    def __init__(self, checkout: Path, branch: str, folder: Path) -> None:
        """Make the repository in `folder`."""
        self.checkout, self.branch, self.folder, self.lock = checkout, branch, folder, threading.Lock()
        settings = folder.with_suffix(".config")
        settings.write_text(SETTINGS, "ascii")
        self.environment = {"GIT_CONFIG_GLOBAL": str(settings), "GIT_CONFIG_NOSYSTEM": "1"}
        self.git("init", "--quiet", "--bare", f"--initial-branch={branch}", folder)
        objects = Path(self.git("-C", checkout, "rev-parse", "--path-format=absolute", "--git-path", "objects").strip())
        (folder / "objects" / "info" / "alternates").write_text(f"{objects}\n", "utf-8")
        self.update()

    def update(self) -> None:
        """Move the branch to the checkout's head."""
        with self.lock:
            head = f"+HEAD:refs/heads/{self.branch}"
            self.git("-C", self.folder, "fetch", "--quiet", "--no-tags", self.checkout, head)

    def git(self, *arguments: str | Path) -> str:
        """What git prints."""
        return process.run(["git", *arguments], env=self.environment)

    def answer(self, variables: Mapping[str, str], body: bytes) -> bytes:
        """What Git's own server answers, as a CGI program."""
        environment = {**os.environ, **self.environment, **variables}
        environment |= {"GIT_PROJECT_ROOT": str(self.folder), "GIT_HTTP_EXPORT_ALL": "1"}
        command = ["git", "http-backend"]
        return subprocess.run(command, input=body, env=environment, stdout=subprocess.PIPE, check=True).stdout


class Server(BaseHTTPRequestHandler):
    """Passes what is asked on to Git's own server."""

    protocol_version = "HTTP/1.1"
    repository: Followed

    def do_GET(self) -> None:
        """Send what is asked for."""
        url = urlsplit(self.path)
        endpoint = next((end for end in ENDPOINTS if url.path.endswith(end)), None)
        if not endpoint:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if endpoint == ENDPOINTS[0]:
            self.repository.update()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        head, _, content = self.repository.answer(self.variables(endpoint, url.query), body).partition(b"\r\n\r\n")
        self.send_response(HTTPStatus.OK)
        for line in head.decode("latin-1").split("\r\n"):
            self.send_header(*line.split(": ", 1))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def variables(self, endpoint: str, query: str) -> dict[str, str]:
        """The request, as CGI words it."""
        return {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": endpoint,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }


def main(address: str, port: str, certificate: str, key: str, checkout: str, branch: str, folder: str) -> None:
    """Serve until ended."""
    Server.repository = Followed(Path(checkout), branch, Path(folder))
    with ThreadingHTTPServer((address, int(port)), Server) as server:
        if certificate != PLAIN:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(serving.SERVES)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
