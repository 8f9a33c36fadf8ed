"""A data set as a whole: read back the same, its digest, and its refusal to leak."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from graft_steps.checks import StepError
from transfer_learning import dataset
from transfer_learning.dataset import Data


def test_data_comes_back_as_it_was(tmp_path: Path, data: Data) -> None:
    data.save(tmp_path)
    assert dataset.load(tmp_path).facts() == data.facts()


def test_the_digest_is_that_of_all_parts(data: Data) -> None:
    draw = data.draws[1]
    changed = replace(data, draws=(data.draws[0], replace(draw, train=draw.train.take(range(1, len(draw.train))))))
    assert changed.digest() != data.digest()
    assert changed.facts()["test_digest"] == data.facts()["test_digest"]


def test_data_without_leakage_passes(data: Data) -> None:
    assert data.check() is data


@pytest.mark.parametrize(("part", "other"), [("train", "test"), ("validation", "test"), ("train", "validation")])
def test_leakage_inside_a_draw_is_refused(data: Data, part: str, other: str) -> None:
    leaking = replace(data.draws[0], **{part: getattr(data.draws[0], other)})
    with pytest.raises(StepError, match=f"draw 1, {part} and draw 1, {other} share"):
        replace(data, draws=(leaking, data.draws[1])).check()


def test_draws_with_the_same_test_items_are_refused(data: Data) -> None:
    """Their pooled interval would count one item twice."""
    with pytest.raises(StepError, match="the tests of draw 1 and the tests of draw 2 share"):
        replace(data, draws=(data.draws[0], data.draws[0])).check()


def test_pretraining_on_test_items_is_refused(data: Data) -> None:
    with pytest.raises(StepError, match="draw 1, test and source share"):
        replace(data, source=data.draws[0].test).check()
