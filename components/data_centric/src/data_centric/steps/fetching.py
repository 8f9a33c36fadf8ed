"""The first step: one version of the data, from DVC by its revision."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from graft_steps import say
from graft_steps.checks import StepError

from data_centric import dataset, fixture, versions
from data_centric.dataset import PARTS

FIXTURE = "fixture"


def fetch(data: str, data_version: str, out: Path) -> dict[str, Any]:
    """Write the version into the folder `out`; return its facts, the digest of all its content among them.

    `data` is the path or URL of a Git repository with DVC. `fixture` makes one first, in a folder that is only there
    meanwhile, and fetches from it in the same way.
    """
    with tempfile.TemporaryDirectory() as scratch:
        repository = data
        if data == FIXTURE:
            repository = str(Path(scratch) / "numerals")
            fixture.make(Path(repository))
        commit = versions.fetch(repository, data_version, out)
    found = facts(data, data_version, commit, out)
    say(f"{data}@{data_version}: commit {commit[:10]}, {', '.join(f'{found[part]} {part}' for part in PARTS)}")
    say(f"digest {found['data_digest'][:16]}")
    return found


def facts(data: str, data_version: str, commit: str, folder: Path) -> dict[str, Any]:
    """What every later artifact and record says of the data."""
    rows = dataset.read(folder)
    if missing := [row.image for row in rows if not dataset.path(folder, row.image).is_file()]:
        raise StepError(f"{len(missing)} images of {dataset.LABELS} are not in the version, such as {min(missing)}")
    prints = dataset.fingerprints(folder, rows)
    return {
        "data": data,
        "data_version": data_version,
        "data_commit": commit,
        "data_digest": dataset.digest(rows, prints),
        "test_digest": dataset.digest(dataset.of_part(rows, "test"), prints),
        "images": len(rows),
        **{part: len(dataset.of_part(rows, part)) for part in PARTS},
    }
