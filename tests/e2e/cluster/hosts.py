"""Names of hosts that a sandbox knows; the machine's own stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cluster.sandbox import Sandbox

TABLE = Path("/etc/hosts")


def name(sandbox: Sandbox, addresses: Mapping[str, str]) -> None:
    """Have each of these names mean its address, and no other name anything but `localhost`."""
    lines = [f"{address}\t{host}\n" for host, address in {"localhost": "127.0.0.1", **addresses}.items()]
    table = sandbox.folder / "hosts"
    table.write_text("".join(lines), "ascii")
    sandbox.run(["mount", "--bind", table, TABLE])
