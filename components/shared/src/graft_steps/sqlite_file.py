"""MLflow on an SQLite file, as on a laptop: several runs may use one at the same moment, also for the first time."""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60  # seconds to wait for another one's transaction; SQLite's own are 5


def wait_longer(dialect: Any, record: Any, positional: list[Any], named: dict[str, Any]) -> None:
    """Have a connection wait for whoever has the file locked: SQLAlchemy's `do_connect`."""
    if dialect.name == "sqlite":
        named.setdefault("timeout", PATIENCE)


def is_file(tracking: str) -> bool:
    """Whether a database's URL names an SQLite file."""
    scheme, _, file = tracking.partition(":///")
    return scheme.startswith("sqlite") and bool(file)


@contextlib.contextmanager
def alone(tracking: str) -> Iterator[None]:
    """Wait until no other process is in such a block for this file: MLflow makes its schema as if it were alone."""
    file = Path(tracking.partition(":///")[2])
    with file.with_name(f".{file.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
