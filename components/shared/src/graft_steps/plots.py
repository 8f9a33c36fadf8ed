"""The plots that most pipelines need, all in one style: learning curves, intervals, a confusion matrix, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from graft_steps.estimate import Estimate
    from graft_steps.statistics import Proportion

FIRST, SECOND, THIRD, GREY = "#1f6f8b", "#c8553d", "#7a9e3b", "#8a8f98"
COLOURS = (FIRST, SECOND, THIRD, "#b08b2e", "#6b5b95")
MOST_COUNTS = 20  # classes beyond which the counts of a confusion matrix would not be readable


def axes_of(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of so many inches with one pair of axes."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.2)
    return figure, axes


def save(figures: Mapping[str, tuple[str, Figure]], folder: Path) -> dict[str, Path]:
    """Write figures, each by title with its file's name, into `folder`; return title and file in the same order."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.values():
        figure.savefig(folder / name, dpi=110, metadata={"Software": None})
    return {title: folder / name for title, (name, _) in figures.items()}


def curves(lines: Mapping[str, Sequence[float]], ylabel: str) -> Figure:
    """One value an epoch for each named line."""
    figure, axes = axes_of(7, 4)
    for (name, values), colour in zip(lines.items(), COLOURS * len(lines), strict=False):
        axes.plot(range(1, len(values) + 1), values, color=colour, linewidth=2, label=name)
    axes.set(xlabel="epoch", ylabel=ylabel)
    axes.legend(frameon=False)
    return figure


def intervals(
    rows: Mapping[str, Estimate | Proportion], xlabel: str, baseline: tuple[str, float] | None = None
) -> Figure:
    """A row with value and interval for each estimate, from the top; a dotted line for the baseline (name, value)."""
    figure, axes = axes_of(7, 1.2 + 0.45 * len(rows))
    for row, found in enumerate(rows.values()):
        whisker(axes, row, found, FIRST)
    if baseline:
        axes.axvline(baseline[1], color=GREY, linestyle=":", label=baseline[0])
        figure.legend(loc="outside upper center", frameon=False)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set(xlabel=f"{xlabel}, 95 % interval", ylim=(len(rows) - 0.5, -0.5))
    return figure


def whisker(axes: Axes, y: float, found: Estimate | Proportion, colour: str, label: str | None = None) -> None:
    """One value with its interval, at the height `y`."""
    axes.plot([found.low, found.high], [y, y], color=colour, linewidth=2, solid_capstyle="round")
    axes.plot([found.value], [y], "o", color=colour, markersize=6, label=label)
    axes.annotate(f"{found.value:.2f}", (found.high, y), (5, 0), "data", "offset points", va="center", fontsize=8)


def confusion_matrix(matrix: Sequence[Sequence[int]], classes: Sequence[str]) -> Figure:
    """Counts of true class against answer, shaded by the share of the true class."""
    counts = np.array(matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.5, 0.55 * len(classes) + 2)
    figure, axes = axes_of(side, side)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if len(classes) <= MOST_COUNTS:
        for (row, column), count in np.ndenumerate(counts):
            colour = "white" if shares[row, column] > 0.6 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(classes)), classes, rotation=45, ha="right")
    axes.set_yticks(range(len(classes)), classes)
    axes.set(xlabel="answer", ylabel="truth")
    axes.grid(False)
    return figure


def confusion(truth: Sequence[int], answers: Sequence[int], classes: int) -> list[list[int]]:
    """Counts of answers, a row a true class and a column an answer."""
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (np.asarray(truth), np.asarray(answers)), 1)
    return matrix.tolist()


def pictures(rows: Sequence[Sequence[tuple[np.ndarray, str, str]]], cmap: str = "gray") -> Figure:
    """A grid of images, [height, width, 1 or 3 channels] each, with its caption and the caption's colour."""
    columns = max(map(len, rows))
    figure = Figure(figsize=(1.35 * columns + 0.4, 1.55 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for line, row in zip(grid, rows, strict=True):
        for axes, (image, caption, colour) in zip(line, row, strict=False):
            axes.imshow(image[..., 0] if image.shape[-1] == 1 else image, cmap=cmap)
            axes.set_title(caption, fontsize=7, color=colour)
    return figure
