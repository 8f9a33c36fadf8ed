"""The plots that pipelines share: what they show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from graft_steps import plots
from graft_steps.estimate import Estimate


def test_the_confusion_matrix_has_a_row_a_true_class() -> None:
    assert plots.confusion([0, 1, 1, 1], [0, 0, 1, 1], 2) == [[1, 0], [1, 2]]


def test_the_confusion_matrix_shows_its_counts() -> None:
    (axes,) = plots.confusion_matrix([[7, 1], [0, 9]], ("cat", "dog")).axes
    assert [text.get_text() for text in axes.texts] == ["7", "1", "0", "9"]


def test_every_estimate_has_a_row_and_the_baseline_a_line() -> None:
    rows = {"now": Estimate("r2", 0.9, 0.85, 0.95, 10), "before": Estimate("r2", 0.7, 0.6, 0.8, 10)}
    figure = plots.intervals(rows, "R2", ("last", 0.5))
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["now", "before"]
    assert figure.legends[0].get_texts()[0].get_text() == "last"


def test_pictures_stand_in_rows_with_their_captions(tmp_path: Path) -> None:
    image = np.zeros((4, 4, 1))
    figure = plots.pictures([[(image, "a", "black"), (image, "b", "red")], [(np.zeros((4, 4, 3)), "c", "black")]])
    assert [axes.get_title() for axes in figure.axes] == ["a", "b", "c", ""]
    files = plots.save({"Pictures": ("pictures.png", figure)}, tmp_path / "plots")
    assert files == {"Pictures": tmp_path / "plots" / "pictures.png"}
    assert files["Pictures"].read_bytes().startswith(b"\x89PNG")


def test_a_curve_has_a_point_an_epoch() -> None:
    (axes,) = plots.curves({"train": [1.0, 0.5], "validation": [1.2, 0.8]}, "loss").axes
    assert [list(line.get_xdata()) for line in axes.lines] == [[1, 2], [1, 2]]
