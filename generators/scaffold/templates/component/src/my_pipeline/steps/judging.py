"""The step that measures: what the exported model itself answers on the held-out part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps import plots, reports, say
from graft_steps.models import facts_of

from my_pipeline import centroids, evaluation, examples
from my_pipeline.evaluation import Evaluation

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ("class 0", "class 1")


def evaluate(data: Path, model: Path, out: Path, page: Path) -> dict[str, float]:
    """Measure a model, write the evaluation and its page, and return the numbers."""
    points, labels = examples.read(data).test
    answers = centroids.answers(model, points)
    measured = Evaluation(labels.tolist(), answers.tolist(), examples.digest(points, labels), facts_of(model)["used"])
    evaluation.write(measured, out)
    matrix = plots.confusion(measured.truth, measured.answers, len(CLASSES))
    drawn = plots.save({"Confusion matrix": ("confusion.png", plots.confusion_matrix(matrix, CLASSES))}, out / "plots")
    body = (reports.paragraph(f"{measured.verdict()}."), *reports.figures(drawn), *reports.used(measured.used))
    page.write_text(reports.page("My pipeline", body))
    (out / "report.html").write_text(page.read_text())
    say(measured.verdict())
    return measured.metrics()
