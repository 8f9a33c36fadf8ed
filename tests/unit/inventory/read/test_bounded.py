"""YAML of which only the values are of interest: what would cost more than its size is refused with its line."""

from __future__ import annotations

import pytest

from generators.inventory.read import load_all


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- " * 30_000, "line 1: it is nested deeper than 200 levels"),
        ("[" * 30_000, "line 1: it is nested deeper than 200 levels"),
        ("a: 1\nb: *a\n", "line 2: an alias stands here, *a"),
        ("a: 1\nb: 1" + ":59" * 10_000, "line 2: a number that nothing can hold: quote it"),
        ("a: 1" + "0" * 5_000, "line 1: a number that nothing can hold: quote it"),
        ("a: [\n", "line 2: did not find expected node content"),
    ],
)
def test_it_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"\A" + said.replace("*", r"\*")):
        load_all(text)


def test_everything_else_is_what_it_says() -> None:
    assert load_all("a: 1\n---\n- '1" + ":59" * 500 + "'\n---\n") == [{"a": 1}, ["1" + ":59" * 500], None]
