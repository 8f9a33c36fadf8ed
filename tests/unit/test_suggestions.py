"""The nearest name, as messages offer it."""

from __future__ import annotations

import pytest

from generators.inventory.schema import validator
from generators.suggestions import did_you_mean, nearest

KNOWN = ["epochs", "batch_size", "learning_rate", "Seed"]


@pytest.mark.parametrize(
    ("word", "near"),
    [("epoch", "epochs"), ("EPOCHS", "epochs"), ("batchsize", "batch_size"), ("seed", "Seed"), ("x", None), ("", None)],
)
def test_the_nearest_name_is_offered_or_none(word: str, near: str | None) -> None:
    assert nearest(word, KNOWN) == near
    assert did_you_mean(word, KNOWN) == (f"did you mean {near}?" if near else "")


def test_the_last_part_of_a_path_is_near_where_it_is_that_of_one_alone() -> None:
    paths = ["variants/train", "variants/evaluate", "weights/evaluate", "Europe/Berlin"]
    assert [nearest(word, paths) for word in ("train", "berlin")] == ["variants/train", "Europe/Berlin"]


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert nearest("epochs", []) is None


def test_nothing_is_near_a_word_that_is_longer_than_anybody_misspells():
    assert nearest("epoch" * 1000, ["epoch" * 1000 + "s"]) is None


def test_of_many_unknown_keys_the_first_hundred_are_told_what_was_meant():
    keys = {f"epoch{number:03}": 1 for number in range(150)}
    problems = validator({"type": "object", "properties": {"epochs": {}}, "additionalProperties": False})(keys)

    assert [problem.fix for problem in problems] == ["did you mean epochs?"] * 100 + [""] * 50
