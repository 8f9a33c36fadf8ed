"""The steps that compare: what one variant's held-out answers are worth, and which variant is the best."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import StepError
from graft_steps.plots import confusion

from transfer_learning import dataset, plots, report
from transfer_learning.evaluation import read
from transfer_learning.steps import RESULTS

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One variant's measurement as its step hands it on."""

    used: dict[str, Any]
    metrics: dict[str, float]
    classes: list[str]
    confusion: list[list[int]]


def evaluate(data: Path, results: Path, evaluation: Path, page: Path) -> Measured:
    """Measure one variant; write its plots into the folder `evaluation` and its report to `page`."""
    evaluated = read(results / RESULTS)
    test = dataset.load(data).draws[0].test
    shutil.copytree(results, evaluation)
    drawn = plots.draw_all(evaluated, test, evaluation / "plots")
    page.write_text(report.page(evaluated, drawn))
    shutil.copyfile(page, evaluation / "report.html")
    say(f"accuracy {evaluated.accuracy}; validation {evaluated.validation_accuracy:.3f}")
    say(report.verdict(evaluated))
    first = evaluated.outcomes[0]
    matrix = confusion(first["test_truth"], first["transfer"]["test"], len(test.classes))
    return Measured(evaluated.used, evaluated.metrics(), list(test.classes), matrix)


def pick(accuracies: list[float], models: list[Path], evaluations: list[Path], model: Path, evaluation: Path) -> int:
    """Choose the variant of the highest validation accuracy, the first of equals; return its position.

    Never by test accuracy: the best of several by test would look better than it is.
    """
    if not accuracies or not len(accuracies) == len(models) == len(evaluations):
        counts = f"{len(accuracies)} accuracies, {len(models)} models and {len(evaluations)} evaluations"
        raise StepError(f"variants: there must be at least one, and as many of each, but there are {counts}")
    best = max(range(len(accuracies)), key=lambda position: accuracies[position])
    for position, accuracy in enumerate(accuracies):
        used = read(evaluations[position] / RESULTS).used
        say(f"{'*' if position == best else ' '} variant {position + 1}: validation {accuracy:.3f}, {used['variant']}")
    shutil.copytree(models[best], model)
    shutil.copytree(evaluations[best], evaluation)
    return best
