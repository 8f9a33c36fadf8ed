"""The steps of the search: one trial, which sees no test text, and the picking of the best."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import StepError

from text_classifier import dataset, plots, report, search

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from text_classifier.steps.learning import Task

FILE = "trial.json"


def attempt(task: Task, out: Path) -> dict[str, float]:
    """Train one network; write its cross-entropy on the validation part into `out`, and return the numbers."""
    from text_classifier import network
    from text_classifier.steps.learning import made_of

    loaded, _ = dataset.read(task.data)
    made = made_of(loaded, task)
    fitted = network.fit(made, loaded, task.training, say)
    numbers, labels = loaded.numbers("validation")
    probabilities = network.probabilities(made, numbers)
    result = {
        "network": task.network.facts(),
        "validation_loss": search.cross_entropy(probabilities, labels),
        "validation_accuracy": float((probabilities.argmax(axis=1) == labels).mean()),
        "best_epoch": fitted.best_epoch,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / FILE).write_text(json.dumps(result))
    return {name: float(result[name]) for name in ("validation_loss", "validation_accuracy", "best_epoch")}


def pick(folders: Sequence[Path], expected: int, page: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """The network of the trial with the lowest validation loss, and numbers about the search."""
    results = [json.loads((folder / FILE).read_text()) for folder in folders]
    if len(results) != expected:
        raise StepError(f"search: {len(results)} results of {expected} trials arrived: run again")
    best = search.picked(results)
    page.write_text(report.trials_page(results, best, plots.trials(results, best, page.parent / "plots")))
    say(f"picked of {len(results)}: {plots.named(results[best]['network'])}")
    return results[best]["network"], {
        "trials": float(len(results)),
        "validation_loss": results[best]["validation_loss"],
        "validation_accuracy": results[best]["validation_accuracy"],
    }
