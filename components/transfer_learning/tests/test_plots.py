"""Plots: real PNG files of what was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image
from transfer_learning.evaluation import read
from transfer_learning.items import Items
from transfer_learning.plots import comparison, curves, samples
from transfer_learning_small import Trained


def test_every_plot_is_a_legible_png(trained: Trained) -> None:
    files = sorted((trained.evaluation / "plots").iterdir())
    assert [file.name for file in files] == ["comparison.png", "confusion.png", "curves.png", "samples.png"]
    for file in files:
        with Image.open(file) as image:
            assert image.width >= 480
            assert len(image.convert("L").getcolors()) > 20


def test_the_curves_are_those_of_every_draw_and_their_means(outcomes: list[dict[str, Any]]) -> None:
    (axes,) = curves(outcomes).axes
    drawn = [line.get_ydata() for line in axes.lines if len(line.get_ydata()) == 6]
    assert len(drawn) == 2 * (len(outcomes) + 1)
    np.testing.assert_array_equal(drawn[0], outcomes[0]["transfer"]["curve"])


def test_the_comparison_has_a_row_a_draw_and_one_for_all(trained: Trained) -> None:
    (axes,) = comparison(read(trained.results / "results.json")).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["draw 1", "draw 2", "all draws"]


@pytest.mark.parametrize("channels", [1, 3])
def test_samples_name_the_wrong_answers(channels: int) -> None:
    images = tuple(np.full((4, 4, channels), i / 4, np.float32) for i in range(4))
    test = Items(images, np.array([0, 0, 1, 1]), tuple("abcd"), ("cat", "dog"))
    titles = [axes.get_title() for axes in samples(test, [0, 1, 1, 1]).axes if axes.get_title()]
    assert titles == ["cat\nright", "cat\nnot dog", "dog\nright", "dog\nright"]
