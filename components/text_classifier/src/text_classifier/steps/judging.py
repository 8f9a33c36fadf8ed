"""The step that measures: what the SavedModel itself answers to the test texts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import StepError
from graft_steps.models import facts_of

from text_classifier import dataset, evaluation, exporting, plots, report

if TYPE_CHECKING:
    from pathlib import Path

    from text_classifier.dataset import Data


def evaluate(data: Path, model: Path, out: Path, page: Path) -> dict[str, Any]:
    """Measure the model; write results, pictures and page into the folder `out`; return the results."""
    (loaded, _), facts = dataset.read(data), facts_of(model)
    _require_unseen(loaded, facts["seen"])
    answered, _ = exporting.served(model, loaded.test.texts)
    answers = [loaded.classes.index(name) for name in answered]
    results = {
        **evaluation.measured(loaded.test.texts, loaded.test.labels, answers, loaded.classes),
        "classes": loaded.classes,
        "curves": facts["curves"],
        "used": facts["used"],
        "test_digest": loaded.test.digest(),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / evaluation.FILE).write_text(json.dumps(results, ensure_ascii=False), "utf-8")
    page.write_text(report.page(results, plots.evaluation(results, out / "plots")), "utf-8")
    (out / "report.html").write_text(page.read_text("utf-8"), "utf-8")
    say(report.verdict(results))
    return results


def _require_unseen(loaded: Data, seen: list[str]) -> None:
    known = set(seen)
    if shared := sum(each in known for each in exporting.prints(loaded.test.texts)):
        raise StepError(
            f"the model has learnt from {shared} of the {len(loaded.test.texts)} test texts, so the test says nothing"
        )
