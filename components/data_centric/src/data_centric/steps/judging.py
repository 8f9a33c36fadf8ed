"""The step that measures: what the exported model answers to the test, and to the images that it learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from graft_steps import say
from graft_steps.checks import StepError
from graft_steps.models import facts_of

from data_centric import errors, evaluation, examples, exporting, plots, report, tfrecords
from data_centric.errors import Error
from data_centric.evaluation import Evaluation

if TYPE_CHECKING:
    from pathlib import Path

    from data_centric.evaluation import Evaluation as Measured


def evaluate(records: Path, model: Path, out: Path, error_report: Path, page: Path) -> Measured:
    """Measure the model; write results and pictures into `out`, `errors.csv` into `error_report`, and a page."""
    facts = facts_of(model)
    names, images, truth = tfrecords.read(records, "test")
    _require_unseen(records, names, facts["seen"])
    answers, _ = exporting.answers(model, images)
    evaluation.require_answers(answers.tolist(), len(names))
    found, counts = _errors(records, model, facts["classes"])
    measured = Evaluation(
        used=facts["used"],
        classes=facts["classes"],
        curves=facts["curves"],
        test_digest=facts["used"]["test_digest"],
        images=names,
        truth=truth.tolist(),
        answers=answers.tolist(),
        disagreed=counts,
    )
    error_report.mkdir(parents=True, exist_ok=True)
    errors.write([error for error, _ in found], error_report / errors.FILE)
    evaluation.write(measured, out)
    sheet = sorted(found, key=lambda pair: (-pair[0].score, pair[0].image))
    page.write_text(report.page(measured, plots.draw_all(measured, sheet, out / "plots")))
    (out / "report.html").write_text(page.read_text())
    (out / errors.FILE).write_text((error_report / errors.FILE).read_text())
    say(f"accuracy {measured.accuracy} on the test; {report.suspicion(measured)}")
    return measured


def _errors(
    records: Path, model: Path, classes: list[str]
) -> tuple[list[tuple[Error, np.ndarray]], dict[str, list[int]]]:
    """Images to learn from and to choose by that are answered otherwise, and their counts a part."""
    found, counts = [], {}
    for part in examples.LEARNT_FROM:
        names, images, labels = tfrecords.read(records, part)
        answers, scores = exporting.answers(model, images)
        wrong = [
            (Error(names[i], part, classes[labels[i]], classes[answers[i]], float(scores[i].max())), images[i])
            for i in np.flatnonzero(answers != labels)
        ]
        counts[part] = [len(wrong), sum(error.is_suspect for error, _ in wrong), len(names)]
        found += wrong
    return found, counts


def _require_unseen(records: Path, names: list[str], seen: list[str]) -> None:
    prints, known = tfrecords.facts(records)["facts"]["fingerprints"], set(seen)
    if shared := [name for name in names if prints[name] in known]:
        raise StepError(f"the model has learnt from {len(shared)} of the {len(names)} test images, such as {shared[0]}")
