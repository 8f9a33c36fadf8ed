"""The steps that compare: what one variant's held-out answers are worth, and which variant is the best."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import StepError, fraction, integer
from graft_steps.plots import confusion

from transfer_learning import dataset, plots, report
from transfer_learning.evaluation import Evaluation, add_answers, add_rounds, read
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
    """Measure one variant; write its answers and plots into the folder `evaluation`, and its report to `page`."""
    evaluated = read(results / RESULTS)
    test = dataset.load(data).draws[0].test
    shutil.copytree(results, evaluation)
    add_answers(evaluation / RESULTS)
    drawn = plots.draw_all(evaluated, test, evaluation / "plots")
    page.write_text(report.page(evaluated, drawn))
    shutil.copyfile(page, evaluation / "report.html")
    say(f"accuracy {evaluated.accuracy}; validation {evaluated.validation_accuracy:.3f}")
    say(report.verdict(evaluated))
    first = evaluated.outcomes[0]
    matrix = confusion(first["test_truth"], first["transfer"]["test"], len(test.classes))
    return Measured(evaluated.used, evaluated.metrics(), list(test.classes), matrix)


@dataclass(frozen=True)
class Candidate:
    """A variant of this round, or the best of those before: its validation accuracy and its two folders."""

    accuracy: float
    model: Path
    evaluation: Path


def candidates(
    accuracies: list[float], models: list[Path], evaluations: list[Path], before: list[Path]
) -> list[Candidate]:
    """All that may be picked; `before` is the model and the evaluation that the last round picked, or nothing."""
    if not accuracies or not len(accuracies) == len(models) == len(evaluations):
        counts = f"{len(accuracies)} accuracies, {len(models)} models and {len(evaluations)} evaluations"
        raise StepError(f"variants: there must be at least one, and as many of each, but there are {counts}")
    found = [Candidate(*each) for each in zip(accuracies, models, evaluations, strict=True)]
    if before:
        found.insert(0, Candidate(read(before[1] / RESULTS).validation_accuracy, *before))
    return found


def pick(found: list[Candidate], number: int, model: Path, evaluation: Path) -> Evaluation:
    """Choose the candidate of the highest validation accuracy, the first of equals, and add the round to its record.

    Never by test accuracy: the best of several by test would look better than it is.
    """
    best = max(found, key=lambda candidate: candidate.accuracy)
    for candidate in found:
        used = read(candidate.evaluation / RESULTS).used
        mark = "*" if candidate is best else " "
        say(f"{mark} validation {candidate.accuracy:.3f}, {used['epochs']} epochs: {used['variant']}")
    shutil.copytree(best.model, model)
    shutil.copytree(best.evaluation, evaluation)
    rounds = (*read(found[0].evaluation / RESULTS).rounds, best.accuracy)
    assert len(rounds) == number, "a round hands its best on to the next"
    add_rounds(evaluation / RESULTS, rounds)
    picked = read(evaluation / RESULTS)
    drawn = plots.draw_rounds(picked, evaluation / "plots")
    (evaluation / "report.html").write_text(report.page(picked, drawn))
    return picked


def goes_on(picked: Evaluation, target_accuracy: float, max_rounds: int) -> bool:
    """Whether another round should follow: the target is not reached on validation items, nor the limit."""
    target = fraction("target_accuracy", target_accuracy)
    limit, number = integer("max_rounds", max_rounds, 1), len(picked.rounds)
    reached = picked.validation_accuracy >= target
    again = not reached and number < limit
    what = "another round" if again else "the target is reached" if reached else "the last round"
    say(f"round {number}: validation {picked.validation_accuracy:.3f}, target {target:.2f}: {what}")
    return again
