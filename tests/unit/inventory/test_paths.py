"""Paths as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.inventory.paths import format_path, lookup, match_path, parse_path

KEYS = st.text(alphabet='ab.[]"\\0/- ', min_size=0, max_size=5)


@given(st.lists(KEYS | st.integers(0, 20), max_size=5))
def test_a_written_path_reads_back_as_it_was(parts: list[str | int]) -> None:
    assert parse_path(format_path(tuple(parts))) == tuple(parts)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ("pipelines", "transfer-learning", "steps", "variants/train"),
            "pipelines.transfer-learning.steps.variants/train",
        ),
        (("capacity", "nvidia.com/gpu"), 'capacity."nvidia.com/gpu"'),
        (("variants", 1, 0, "units"), "variants[1][0].units"),
    ],
)
def test_a_path_is_written_with_dots_quotes_and_indexes(path: tuple[str | int, ...], text: str) -> None:
    assert format_path(path) == text


DOCUMENT = {
    "capacity": {"nvidia.com/gpu": "4", "nvidia": {"com": 1}},
    "a.b": {"c": 1},
    "a": {"b": 2},
    "l": [[{"x": 1}]],
}


@pytest.mark.parametrize(
    ("text", "path", "rest"),
    [
        ("capacity.nvidia.com/gpu", ("capacity", "nvidia.com/gpu"), ""),
        ('capacity."nvidia.com/gpu"', ("capacity", "nvidia.com/gpu"), ""),
        ("capacity.nvidia.com", ("capacity", "nvidia", "com"), ""),
        ("a.b.c", ("a.b", "c"), ""),
        ("l[0][0].x", ("l", 0, 0, "x"), ""),
        ("l.0.0.x", ("l", 0, 0, "x"), ""),
        ("l[1]", ("l",), "[1]"),
        ("capacity.cpu.x", ("capacity",), "cpu.x"),
        ("a.b.c.d", ("a.b", "c"), "d"),
        ("", (), ""),
    ],
)
def test_the_longest_key_that_exists_is_taken(text: str, path: tuple[str | int, ...], rest: str) -> None:
    assert match_path(DOCUMENT, text) == (path, rest)


def test_a_path_that_does_not_exist_is_named() -> None:
    with pytest.raises(KeyError, match=r"l\[0\]\.x"):
        lookup(DOCUMENT, ("l", 0, "x"))
