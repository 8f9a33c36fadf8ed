"""Claim: rendering a pipeline for every cluster costs less than two of kfp's compilations, and less than one later.

Run it with `python -m benchmarks.compiler`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import copies
from benchmarks.graft import Graft
from benchmarks.measure import Cost, best, run, scratch
from benchmarks.report import compared, section
from benchmarks.sizes import MODULE

ROUNDS = 5


def main() -> None:
    with scratch() as folder:
        graft = Graft(copies.this_repository(folder / "repository"), folder / "cache")
        works = {
            "graft render, nothing cached": lambda: _cold(graft),
            "graft render, unchanged": graft.render,
            "kfp dsl compile": lambda: _compile(graft.root),
        }
        cold, warm, theirs = best(ROUNDS, works)
    peer = "`kfp dsl compile`"
    rows = [
        compared("render, nothing cached: compile, and all environments", cold, peer, theirs),
        compared("render, nothing changed", warm, peer, theirs),
    ]
    section("Against kfp's compiler", __doc__, rows)


def _cold(graft: Graft) -> Cost:
    graft.forget_cache()  # what is rendered stays: prod is pinned to a committed definition
    return graft.render()


def _compile(root: Path) -> Cost:
    module = root / "generators/pipelines" / f"{MODULE}.py"
    command = [Path(sys.executable).with_name("kfp"), "dsl", "compile", "--py", module, "--output", root / "kfp.yaml"]
    return run(command, cwd=root.parent, env={"PYTHONPATH": str(root)})


if __name__ == "__main__":
    main()
