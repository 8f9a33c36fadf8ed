"""Runs what a change does to pipelines on this machine: each as it was at the base, and as it is now.

Both stand in folders of their own below `.graft/diff`, with their own components, and with no record of earlier runs:
so each runs its own code, and neither meets a champion that the other has not to beat.
"""

from __future__ import annotations

import filecmp
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generators.checks.history.change import merge_base
from generators.diff.loading import main
from generators.diff.measures import measures
from generators.diff.model import Change, RunChange
from generators.diff.paired import FILE, items
from generators.engines.registry import engine
from generators.errors import GraftError
from generators.fleet import fleet as fleets
from generators.fleet import git
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.output.write import scratch
from generators.runner.artifacts import documents

_FOLDER = "diff"  # of .graft


def runs(repository: Repository, ref: str, change: Change) -> tuple[RunChange, ...]:
    """Both runs of each pipeline whose rendering for this machine changed.

    The base is the commit at which the checkout left `ref`, by default the main branch.
    """
    environment = _here(repository)
    names = [each.pipeline for each in change.pipelines if each.environment == environment and not each.toolchain]
    if not names:
        return ()
    base, head = (scratch(repository.root, _FOLDER) / side for side in ("base", "head"))
    git.write_revision(repository, merge_base(repository, ref or main(repository)), base)
    git.write_checkout(repository, head)
    return tuple(_both(name, environment, base, head) for name in dict.fromkeys(names))


def _here(repository: Repository) -> str:
    """The environment of this machine."""
    environments = fleets.load(repository, Cache.of_user()).environments
    for name, environment in environments.items():
        if any(engine(cluster.engine).here for cluster in environment.clusters):
            return name
    raise GraftError("no environment runs on this machine", "--run needs one with `engine: local`")


def _both(name: str, environment: str, base: Path, head: Path) -> RunChange:
    before, after = (_run(name, environment, folder) for folder in (base, head))
    failed = [
        f"{name} fails {when} the change: {found}"
        for when, found in (("before", before), ("after", after))
        if isinstance(found, str)
    ]
    if isinstance(before, str) or isinstance(after, str):
        return RunChange(name, failed=tuple(failed))
    pictures = tuple(_pictures(before, after, base, head))
    answered = items(documents(before, FILE, base)), items(documents(after, FILE, head))
    return RunChange(name, measures(before["metrics"], after["metrics"], answered), pictures)


def _run(name: str, environment: str, folder: Path) -> dict[str, Any] | str:
    """The run as `graft run` prints it as JSON, or why there is none; its progress goes to standard error.

    It is rendered first by graft as it is now, as the other one is.
    """
    here = [f"--repo={folder}", f"--env={environment}", "--output=json"]
    rendered = _graft("render", *here)
    return rendered if isinstance(rendered, str) else _graft("run", name, *here)


def _graft(*arguments: str) -> dict[str, Any] | str:
    """What a verb prints as JSON, or why it failed."""
    command = [sys.executable, "-m", "generators.cli", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return f"graft {arguments[0]} ended with exit status {done.returncode}"
    failing = [each["message"] for each in found["findings"] if each["verdict"] != "warning"]
    return "; ".join(failing) or f"exit status {done.returncode}" if done.returncode else found


def _pictures(before: Mapping[str, Any], after: Mapping[str, Any], base: Path, head: Path) -> Iterator[tuple[str, str]]:
    """The pictures whose bytes differ, or that one of the runs has not, by the path below the folder of each run."""
    old, new = _by_name(before, base), _by_name(after, head)
    for name in dict.fromkeys([*new, *old]):
        one, other = old.get(name), new.get(name)
        if one is None or other is None or not filecmp.cmp(one, other, shallow=False):
            yield str(one or ""), str(other or "")


def _by_name(run: Mapping[str, Any], root: Path) -> dict[str, Path]:
    """The pictures of a run by their paths without its own name."""
    pictures = (each["file"] for each in run["files"] if each["what"] == "picture")
    return {file.replace(run["run"], ""): root / file for file in pictures}
