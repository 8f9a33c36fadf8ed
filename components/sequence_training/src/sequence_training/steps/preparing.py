"""The step of sequence-preprocessing that works: a logger's CSV made a series that can be learnt from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graft_steps import say

from sequence_training import plots, report, series
from sequence_training.cleaning import clean
from sequence_training.settings import Cleaning

if TYPE_CHECKING:
    from pathlib import Path

REPORT, PLOTS, RECORD = "report.html", "plots", "record.json"


def preprocess(
    data: Path, origin: dict[str, Any], configuration: dict[str, Any], out: Path, evidence: Path, page: Path
) -> tuple[dict[str, Any], dict[str, float]]:
    """Clean the CSV in `data` into the folder `out`; pictures, page and numbers go into the folder `evidence`.

    `origin` says which data set it is. Returns what was used, and the numbers.
    """
    how = Cleaning.checked(configuration)
    found = clean(data, how)
    series.write(found.series, out)
    used = {**origin, **how.facts(), **{f"data_{name}": value for name, value in found.series.facts().items()}}
    pictures = plots.cleaned(found, evidence / PLOTS)
    page.write_text(report.cleaning_page(found, used, pictures))
    (evidence / REPORT).write_text(page.read_text())
    (evidence / RECORD).write_text(json.dumps({"used": used, "metrics": found.metrics()}))
    say(report.cleaning_verdict(found))
    return used, found.metrics()
