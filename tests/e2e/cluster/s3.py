"""An S3 server for artifacts and models: moto's, which keeps what it is given for as long as it runs."""

from __future__ import annotations

import sys
import threading
from urllib.request import Request, urlopen

from cluster import serving
from cluster.host import Host
from cluster.process import Process
from cluster.sandbox import Sandbox


def start(place: Sandbox | Host, address: str, port: int, bucket: str) -> Process:
    """The server, holding an empty bucket; it takes any credentials."""
    return serving.start(place, "s3", address, port, bucket)


def main(address: str, port: str, bucket: str) -> None:
    """Serve until ended."""
    from moto.server import ThreadedMotoServer  # takes half a second, which only the server itself should spend

    server = ThreadedMotoServer(address, int(port))
    server.start()
    urlopen(Request(f"http://{address}:{port}/{bucket}", method="PUT")).close()
    print(serving.SERVES)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
