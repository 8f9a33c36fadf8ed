"""The plots of one variant as PNG files: transfer against scratch, learning curves, confusion matrix, samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from transfer_learning.evaluation import confusion

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from transfer_learning.evaluation import Evaluation
    from transfer_learning.items import Items
    from transfer_learning.statistics import Proportion

TRANSFER, SCRATCH, GREY = "#1f6f8b", "#c8553d", "#8a8f98"
SAMPLES = 5


def draw_all(evaluation: Evaluation, test: Items, folder: Path) -> dict[str, Path]:
    """Draw every plot into `folder`; return title and file of each, in the order to look at them."""
    first = evaluation.outcomes[0]
    matrix = confusion(first, len(test.classes))
    figures = {
        "Transfer against scratch, by draw": ("comparison.png", comparison(evaluation)),
        "Learning curves": ("curves.png", curves(evaluation.outcomes)),
        "Confusion matrix of the model": ("confusion.png", confusion_matrix(matrix, test.classes)),
        "Test items and answers": ("samples.png", samples(test, first["transfer"]["test"])),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.values():
        figure.savefig(folder / name, dpi=110, metadata={"Software": None})
    return {title: folder / name for title, (name, _) in figures.items()}


def comparison(evaluation: Evaluation) -> Figure:
    """Accuracy with interval of both networks in each draw and in all of them."""
    rows = [(f"draw {i}", draw.transfer, draw.scratch) for i, draw in enumerate(evaluation.draws, 1)]
    rows.append(("all draws", evaluation.transfer, evaluation.scratch))
    figure, axes = _axes(7, 1.2 + 0.5 * len(rows))
    for row, (_, transfer, scratch) in enumerate(rows):
        _whisker(axes, row - 0.13, transfer, TRANSFER, "transfer" if row == 0 else None)
        _whisker(axes, row + 0.13, scratch, SCRATCH, "scratch" if row == 0 else None)
    axes.axhline(len(rows) - 1.5, color=GREY, linewidth=0.6)
    axes.axvline(evaluation.majority, color=GREY, linestyle=":", label="majority class")
    axes.set(xlabel="accuracy on test items, 95 % interval", xlim=(0, 1.02), ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    return figure


def _whisker(axes: Axes, y: float, accuracy: Proportion, colour: str, label: str | None) -> None:
    axes.plot([accuracy.low, accuracy.high], [y, y], color=colour, linewidth=2, solid_capstyle="round")
    axes.plot([accuracy.value], [y], "o", color=colour, markersize=6, label=label)
    axes.annotate(f"{accuracy.value:.2f}", (accuracy.high, y), (5, 0), "data", "offset points", va="center", fontsize=8)


def curves(outcomes: list[dict[str, Any]]) -> Figure:
    """Accuracy on validation items by epoch: every draw thin, their mean thick."""
    figure, axes = _axes(7, 4)
    epochs = range(1, len(outcomes[0]["transfer"]["curve"]) + 1)
    for arm, colour in (("transfer", TRANSFER), ("scratch", SCRATCH)):
        lines = np.array([outcome[arm]["curve"] for outcome in outcomes])
        axes.plot(epochs, lines.T, color=colour, alpha=0.25, linewidth=1)
        axes.plot(epochs, lines.mean(axis=0), color=colour, linewidth=2.5, label=f"{arm}, mean of {len(lines)} draws")
    if frozen := outcomes[0]["frozen_epochs"]:
        axes.axvline(frozen + 0.5, color=GREY, linestyle="--", linewidth=1, label="backbone unfrozen")
    axes.set(xlabel="epoch", ylabel="accuracy on validation items", ylim=(0, 1.02))
    axes.legend(frameon=False, loc="lower right")
    return figure


def confusion_matrix(matrix: list[list[int]], classes: tuple[str, ...]) -> Figure:
    """Counts of true class against answer, shaded by the share of the true class."""
    counts = np.array(matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.5, 0.55 * len(classes) + 2)
    figure, axes = _axes(side, side)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if len(classes) <= 20:
        for (row, column), count in np.ndenumerate(counts):
            colour = "white" if shares[row, column] > 0.6 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(classes)), classes, rotation=45, ha="right")
    axes.set_yticks(range(len(classes)), classes)
    axes.set(xlabel="answer", ylabel="truth")
    axes.grid(False)
    return figure


def samples(test: Items, answers: list[int]) -> Figure:
    """Some test items of up to six classes, right answers and wrong ones as they come."""
    classes = range(min(6, len(test.classes)))
    figure = Figure(figsize=(1.35 * SAMPLES + 0.4, 1.55 * len(classes)), layout="constrained")
    grid = figure.subplots(len(classes), SAMPLES, squeeze=False)
    for label in classes:
        positions = np.flatnonzero(test.labels == label)
        chosen = positions[:: max(1, len(positions) // SAMPLES)][:SAMPLES]
        for axes in grid[label]:
            axes.set_axis_off()
        for axes, position in zip(grid[label], chosen, strict=False):
            _sample(axes, test, int(position), answers[position])
    return figure


def _sample(axes: Axes, test: Items, position: int, answer: int) -> None:
    image, truth = test.images[position], int(test.labels[position])
    if image.shape[-1] == 1:
        axes.imshow(image[..., 0], cmap="magma")
    else:
        axes.imshow(image)
    wrong = f"\nnot {test.classes[answer]}" if answer != truth else "\nright"
    axes.set_title(test.classes[truth] + wrong, fontsize=7, color=SCRATCH if answer != truth else "black")


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.2)
    return figure, axes
