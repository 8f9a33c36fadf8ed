"""Claim: graft renders an environment in less time than Kapitan compiles the same target.

Run it with `python -m benchmarks.kapitan`. Kapitan calls graft's own code through its kadet input and writes the same
bytes, so the difference is what Kapitan itself costs; neither compiles a pipeline.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import copies
from benchmarks.graft import Graft
from benchmarks.measure import Cost, best, run, scratch
from benchmarks.report import compared, section

ENVIRONMENT, ROUNDS = "prod", 5


def main() -> None:
    with scratch() as folder:
        graft = Graft(copies.this_repository(folder / "repository"), folder / "cache")
        works = {
            "graft render": lambda: graft.render(ENVIRONMENT),
            "kapitan compile": lambda: _compile(graft),
        }
        ours, theirs = best(ROUNDS, works)
        _same(graft.root)
    rows = [
        compared(f"render --env {ENVIRONMENT}, nothing changed", ours, f"`kapitan compile -t {ENVIRONMENT}`", theirs)
    ]
    section("Against Kapitan", __doc__, rows, "The files of both were compared, byte for byte.")


def _compile(graft: Graft) -> Cost:
    command = [Path(sys.executable).with_name("kapitan"), "compile", "--targets", ENVIRONMENT]
    return run(command, cwd=graft.root, env=graft.environment)


def _same(root: Path) -> None:
    """Fail where the two trees are not the same, or empty."""
    ours, theirs = (_files(folder / ENVIRONMENT) for folder in (root / "rendered", root / "compiled"))
    if not ours or ours != theirs:
        raise RuntimeError("kapitan's files are not those of graft")


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


if __name__ == "__main__":
    main()
