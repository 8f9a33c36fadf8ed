"""Serves an OCI layout as any image registry, so that pull policies and digests mean on the node what they mean.

containerd is to ask this server in place of every registry; it says which one it means by `?ns=HOST`.
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cluster import serving
from cluster.host import Host
from cluster.image_layout import MANIFEST, Layout
from cluster.process import Process
from cluster.sandbox import Sandbox

BLOB = "application/octet-stream"


def start(place: Sandbox | Host, address: str, port: int, layout: Path) -> Process:
    """The server; images that are added to the layout later are served too."""
    return serving.start(place, "registry", address, port, layout)


class Registry(BaseHTTPRequestHandler):
    """Answers what containerd asks for: manifests by tag or digest, and blobs by digest."""

    protocol_version = "HTTP/1.1"
    layout: Layout

    def do_GET(self) -> None:
        """Send a manifest or a blob."""
        if file := self.answer():
            with file.open("rb") as content:
                self.wfile.flush()
                self.connection.sendfile(content)

    def do_HEAD(self) -> None:
        """Say whether there is a manifest or a blob."""
        self.answer()

    def answer(self) -> Path | None:
        """Send the headers; return the file that a GET is to send."""
        digest, media = self.asked()
        file = self.layout.blob(digest)
        found = bool(digest) and file.is_file()
        self.send_response(HTTPStatus.OK if found or urlsplit(self.path).path == "/v2/" else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Length", str(file.stat().st_size if found else 0))
        if found:
            self.send_header("Content-Type", media)
            self.send_header("Docker-Content-Digest", digest)
        self.end_headers()
        return file if found else None

    def asked(self) -> tuple[str, str]:
        """The digest and the media type of what the path names; no digest where no image has the name."""
        url = urlsplit(self.path)
        match url.path.strip("/").split("/"):
            case ["v2", *repository, "manifests", reference] if ":" not in reference:
                host = parse_qs(url.query).get("ns", [self.headers["Host"]])[0]
                return self.layout.names().get(f"{host}/{'/'.join(repository)}:{reference}", ""), MANIFEST
            case ["v2", *_, "manifests", reference]:
                return reference, MANIFEST
            case ["v2", *_, "blobs", digest]:
                return digest, BLOB
        return "", BLOB


def main(address: str, port: str, layout: str) -> None:
    """Serve until ended."""
    Registry.layout = Layout(Path(layout))
    with ThreadingHTTPServer((address, int(port)), Registry) as server:
        print(serving.SERVES)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
