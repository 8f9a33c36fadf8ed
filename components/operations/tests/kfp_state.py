"""What the stand-in for KFP's API knows: one file of JSON, which its process and the tests change in turn."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

State = dict[str, Any]


def state(mode: str = "multi-user", **more: Any) -> State:
    """That of a server which nobody has used; `pipelines` are (namespace, name, versions by name to id)."""
    return {
        "mode": mode,
        "pipelines": [],
        "experiments": [],
        "runs": [],
        "recurring": [],
        "requests": [],
        "faults": {},
    } | more


def pipeline(namespace: str, name: str, parameters: list[str] | None = None, **versions: str) -> State:
    """A pipeline and the ids of its versions."""
    named = {version.replace("_", "-"): id for version, id in versions.items()}
    return {"id": f"id-{name}", "namespace": namespace, "name": name, "parameters": parameters or [], "versions": named}


@contextmanager
def changing(file: Path) -> Iterator[State]:
    """The state, to be changed with nobody between the reading and the writing of it."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = json.loads(file.read_text())
        try:
            yield known
        finally:
            save(file, known)


def change(file: Path, do: Callable[[State], object]) -> State:
    """What the cluster does behind the API: `do` changes the state."""
    with changing(file) as known:
        do(known)
        return known


def save(file: Path, known: State) -> None:
    """Write the state; it is there whole at any time."""
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(known))
    beside.replace(file)
