"""What a local run needs to know of its surroundings, and what it says while it goes on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generators.runner.reuse import Reuse


@dataclass(frozen=True)
class Event:
    """Something that happened; its `kind` is interrupted, run, unkept, started, reused, output, retried, succeeded,
    skipped, failed or ended.

    `path` is the step's, with the numbers of its iterations; `seconds` how long it took; `text` a line of its output
    without control sequences, why it failed, the folder of the run, what steps ask for and this machine does not keep
    to, or which earlier run was killed. A step is `ended` when the failure of another one stopped it.
    """

    kind: str
    path: str
    seconds: float = 0.0
    text: str = ""


SHARED = "shared"  # the name of the package that every component has beside its own


def component_packages(repository: Path) -> dict[str, Path]:
    """Logical image name to the folder of its package: `transfer-learning` to `components/transfer_learning/src`."""
    folders = sorted((repository / "components").glob("*/src"))
    return {folder.parent.name.replace("_", "-"): folder for folder in folders}


def _ignore(event: Event) -> None:
    """Take an event that nobody asked for."""


@dataclass(frozen=True)
class Settings:
    """The surroundings of a run.

    repository       the working directory of every step; relative URIs are read from it
    runs             the folder that runs are kept in; default `.graft/runs` in the repository
    packages         logical image name to the folder on PYTHONPATH; default `component_packages(repository)`
    workers          how many steps run at once; default the cores, at least 2
    secret           the value of an environment variable that a Secret gives, None where it has none;
                     default `secrets.lookup`: the shell's variable, then `.secrets.env`
    on_event         called with every Event, one at a time
    environ          the shell's variables
    longest_backoff  the most seconds to wait before a retry, whatever the pipeline says
    source           the file that the pipeline was read from, for findings
    reuse            an earlier run whose outputs are taken in place of running a step again; by default none
    """

    repository: Path
    runs: Path | None = None
    packages: Mapping[str, Path] | None = None
    workers: int = field(default_factory=lambda: max(2, os.cpu_count() or 2))
    secret: Callable[[str], str | None] | None = None
    on_event: Callable[[Event], None] = _ignore
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    longest_backoff: float = 5.0
    source: str = ""
    reuse: Reuse | None = None
