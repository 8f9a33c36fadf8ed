"""The servers that the tests of operations ask, each in a thread."""

from __future__ import annotations

import json
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

PATH = "rendered/staging/staging-us/churn/workflowtemplate.yaml"


class Served:
    """A server in a thread, and the file of its state."""

    def __init__(self, server: ThreadingHTTPServer, file: Path) -> None:
        self.server, self.file = server, file
        threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def state(self) -> Any:
        return json.loads(self.file.read_text())
