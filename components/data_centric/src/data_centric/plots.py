"""The pictures of a run: curves, classes, confusions, suspected labels, and the images of a version by label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import plots

from data_centric.dataset import PARTS
from data_centric.numerals import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from data_centric.errors import Error
    from data_centric.evaluation import Evaluation

COLUMNS, ROWS = 8, 4  # of the sheet of errors


def draw_all(found: Evaluation, sheet: Sequence[tuple[Error, np.ndarray]], folder: Path) -> dict[str, Path]:
    """Draw everything of an evaluation into `folder`; return title and file of each, in the order to look at them."""
    accuracies = {name: found.curves[f"{name}_accuracy"] for name in ("train", "validation")}
    figures = {
        "Accuracy of each class": ("classes.png", plots.intervals(_of_classes(found), "accuracy on the test")),
        "Confusion matrix on the test": ("confusion.png", plots.confusion_matrix(found.confusion, found.classes)),
        "Learning curves": ("curves.png", plots.curves(accuracies, "accuracy, with the labels as they are")),
    }
    if sheet:
        figures["Answered otherwise than labelled, the surest first"] = ("errors.png", errors(sheet))
    return plots.save(figures, folder)


def errors(sheet: Sequence[tuple[Error, np.ndarray]]) -> Figure:
    """Images with their label and the answer; red where the label is suspected."""
    cells = [
        (image, f"labelled {each.label}, seen as {each.answer}", plots.SECOND if each.is_suspect else "black")
        for each, image in sheet[: COLUMNS * ROWS]
    ]
    return plots.pictures([cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)])


def labels(statistics: Mapping[str, Any]) -> Figure:
    """How many images of each class each part has."""
    figure, axes = plots.axes_of(7, 3)
    width = 0.8 / len(PARTS)
    for number, (part, colour) in enumerate(zip(PARTS, plots.COLOURS, strict=False)):
        counts = [statistics[part]["labels"].get(name, 0) for name in CLASSES]
        axes.bar(np.arange(len(CLASSES)) + (number - 1) * width, counts, width, color=colour, label=part)
    axes.set_xticks(range(len(CLASSES)), CLASSES)
    axes.set(ylabel="images")
    axes.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def drift(distances: Mapping[str, float], limit: float) -> Figure:
    """The distance of each feature to the last good version, against the limit."""
    figure, axes = plots.axes_of(7, 1.2 + 0.35 * len(distances))
    colours = [plots.SECOND if value > limit else plots.FIRST for value in distances.values()]
    axes.barh(list(distances), list(distances.values()), color=colours)
    axes.axvline(limit, color=plots.GREY, linestyle=":")
    axes.set(xlabel="L-infinity distance to the last good version", xlim=(0, max(1.2 * limit, *distances.values())))
    axes.invert_yaxis()
    return figure


def _of_classes(found: Evaluation) -> dict[str, Any]:
    return {**found.by_class, "all": found.accuracy}
