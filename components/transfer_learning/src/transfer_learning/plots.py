"""The plots of one variant as PNG files: transfer against scratch, learning curves, confusion matrix, samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import plots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from transfer_learning.evaluation import Evaluation
    from transfer_learning.items import Items

TRANSFER, SCRATCH = plots.FIRST, plots.SECOND
SAMPLES = 5
TITLES = {
    "Transfer against scratch, by draw": "comparison.png",
    "Learning curves": "curves.png",
    "Confusion matrix of the model": "confusion.png",
    "Test items and answers": "samples.png",
}


def draw_all(evaluation: Evaluation, test: Items, folder: Path) -> dict[str, Path]:
    """Draw every plot into `folder`; return title and file of each, in the order to look at them."""
    first = evaluation.outcomes[0]
    matrix = plots.confusion(first["test_truth"], first["transfer"]["test"], len(test.classes))
    figures = (
        comparison(evaluation),
        curves(evaluation.outcomes),
        plots.confusion_matrix(matrix, test.classes),
        samples(test, first["transfer"]["test"]),
    )
    named = zip(TITLES.items(), figures, strict=True)
    return plots.save({title: (name, figure) for (title, name), figure in named}, folder)


def draw_rounds(evaluation: Evaluation, folder: Path) -> dict[str, Path]:
    """Draw the rounds of the search beside the plots that are there; return title and file of all."""
    drawn = {title: folder / name for title, name in TITLES.items()}
    return plots.save({"Rounds of the search": ("rounds.png", rounds(evaluation.rounds))}, folder) | drawn


def rounds(accuracies: Sequence[float]) -> Figure:
    """The best validation accuracy after each round."""
    figure, axes = plots.axes_of(7, 3)
    axes.plot(range(1, len(accuracies) + 1), accuracies, "o-", color=TRANSFER, linewidth=2)
    axes.set(xlabel="round", ylabel="best accuracy on validation items", ylim=(0, 1.02))
    axes.set_xticks(range(1, len(accuracies) + 1))
    return figure


def comparison(evaluation: Evaluation) -> Figure:
    """Accuracy with interval of both networks in each draw and in all of them."""
    rows = [(f"draw {i}", draw.transfer, draw.scratch) for i, draw in enumerate(evaluation.draws, 1)]
    rows.append(("all draws", evaluation.transfer, evaluation.scratch))
    figure, axes = plots.axes_of(7, 1.2 + 0.5 * len(rows))
    for row, (_, transfer, scratch) in enumerate(rows):
        plots.whisker(axes, row - 0.13, transfer, TRANSFER, "transfer" if row == 0 else None)
        plots.whisker(axes, row + 0.13, scratch, SCRATCH, "scratch" if row == 0 else None)
    axes.axhline(len(rows) - 1.5, color=plots.GREY, linewidth=0.6)
    axes.axvline(evaluation.majority, color=plots.GREY, linestyle=":", label="majority class")
    axes.set(xlabel="accuracy on test items, 95 % interval", xlim=(0, 1.02), ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    return figure


def curves(outcomes: list[dict[str, Any]]) -> Figure:
    """Accuracy on validation items by epoch: every draw thin, their mean thick."""
    figure, axes = plots.axes_of(7, 4)
    epochs = range(1, len(outcomes[0]["transfer"]["curve"]) + 1)
    for arm, colour in (("transfer", TRANSFER), ("scratch", SCRATCH)):
        lines = np.array([outcome[arm]["curve"] for outcome in outcomes])
        axes.plot(epochs, lines.T, color=colour, alpha=0.25, linewidth=1)
        axes.plot(epochs, lines.mean(axis=0), color=colour, linewidth=2.5, label=f"{arm}, mean of {len(lines)} draws")
    if frozen := outcomes[0]["frozen_epochs"]:
        axes.axvline(frozen + 0.5, color=plots.GREY, linestyle="--", linewidth=1, label="backbone unfrozen")
    axes.set(xlabel="epoch", ylabel="accuracy on validation items", ylim=(0, 1.02))
    axes.legend(frameon=False, loc="lower right")
    return figure


def samples(test: Items, answers: list[int]) -> Figure:
    """Some test items of up to six classes, right answers and wrong ones as they come."""
    rows = []
    for label in range(min(6, len(test.classes))):
        positions = np.flatnonzero(test.labels == label)
        chosen = positions[:: max(1, len(positions) // SAMPLES)][:SAMPLES]
        rows.append([_sample(test, int(position), answers[position]) for position in chosen])
    return plots.pictures(rows, cmap="magma")


def _sample(test: Items, position: int, answer: int) -> tuple[np.ndarray, str, str]:
    truth, is_right = test.classes[test.labels[position]], answer == test.labels[position]
    said = "right" if is_right else f"not {test.classes[answer]}"
    return test.images[position], f"{truth}\n{said}", "black" if is_right else plots.SECOND
