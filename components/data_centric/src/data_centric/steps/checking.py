"""The step that stops a run whose data are not fit: duplicates, leaks, broken files, classes that are too few."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graft_steps import say
from graft_steps.checks import integer

from data_centric import checking

if TYPE_CHECKING:
    from pathlib import Path

FILE = "issues.json"


def check(data: Path, least_per_class: int, out: Path) -> dict[str, float]:
    """Run all checks; write what does not stop the run into `out`; return how many images have each issue."""
    found = checking.check(data, integer("least_per_class", least_per_class, 1, checking.MOST_IMAGES))
    out.mkdir(parents=True, exist_ok=True)
    (out / FILE).write_text(json.dumps(found.issues, indent=2))
    say(f"{len(found.rows)} images: decodable, of known classes, none twice, none in two parts")
    for issue, images in found.issues.items():
        say(f"{len(images)} images are {issue.replace('_', ' ')}: {checking.named(images)}")
    return {"images": float(len(found.rows)), **{issue: float(len(images)) for issue, images in found.issues.items()}}
