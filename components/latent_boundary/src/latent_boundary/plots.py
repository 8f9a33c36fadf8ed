"""The pictures of a run as PNG files: grids of edits, what was measured of each boundary, and what edits change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from graft_steps import plots
from matplotlib.figure import Figure

from latent_boundary.edits import DISTANCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from latent_boundary.edits import Changes
    from latent_boundary.results import Trained

KINDS = {"cosine": plots.FIRST, "validation accuracy": plots.SECOND, "accuracy on the rest": plots.THIRD}


def preview(pictures: Sequence[Sequence[np.ndarray]]) -> Figure:
    """A grid of edits: a row a sample, a column a distance, which stands above the first row."""
    rows = [
        [
            (picture, f"{distance:+.2f}" if row == 0 else "", "black")
            for picture, distance in zip(line, DISTANCES, strict=True)
        ]
        for row, line in enumerate(pictures)
    ]
    return plots.pictures(rows)


def measured(trained: Sequence[Trained]) -> Figure:
    """Cosine and accuracies of every boundary with their intervals; the dotted line is the accuracy of chance."""
    figure, axes = plots.axes_of(7, 1.4 + 0.7 * len(trained))
    labelled = set()
    for row, each in enumerate(trained):
        for number, (name, found) in enumerate(each.estimates().items()):
            label = None if name in labelled else name
            labelled.add(name)
            plots.whisker(axes, row + 0.24 * (number - 1), found, KINDS[name], label)
    lowest = min(0.45, *(found.low for each in trained for found in each.estimates().values()))
    axes.axvline(0.5, color=plots.GREY, linestyle=":", label="accuracy of chance")
    axes.set_yticks(range(len(trained)), [each.attribute for each in trained])
    axes.set(xlabel="95 % interval", xlim=(lowest - 0.05, 1.06), ylim=(len(trained) - 0.5, -0.5))
    figure.legend(loc="outside upper center", ncols=4, frameon=False)
    return figure


def changed(found: Changes, attributes: Sequence[str]) -> Figure:
    """Two matrices, along boundaries and along conditional directions: the change of each score by each edit."""
    figure = Figure(figsize=(7 + 0.6 * len(attributes), 2.2 + 0.55 * len(attributes)), layout="constrained")
    left, right = figure.subplots(1, 2)
    _matrix(left, found.boundary, attributes, "along the boundary's normal")
    _matrix(right, found.conditional, attributes, "along the conditional direction")
    return figure


def _matrix(axes: Axes, values: np.ndarray, attributes: Sequence[str], title: str) -> None:
    axes.imshow(values, cmap="RdBu", vmin=-1, vmax=1)
    for (row, column), value in np.ndenumerate(values):
        colour = "white" if abs(value) > 0.6 else "black"
        axes.text(column, row, f"{value:+.2f}", ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(attributes)), attributes, rotation=30, ha="right")
    axes.set_yticks(range(len(attributes)), attributes)
    axes.set(xlabel="score read", ylabel="attribute edited")
    axes.set_title(title, fontsize=10)
