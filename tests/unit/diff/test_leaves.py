"""Two trees are compared leaf by leaf, and items of lists by their names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.diff.leaves import ABSENT, differences

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": {"b": 1}}, {"a": {}}, [("a.b", 1, ABSENT)]),
        ({}, {"a": {"b": [1]}}, [("a.b[0]", ABSENT, 1)]),
        ({"a": []}, {"a": {}}, [("a", [], {})]),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": 1}, {"a": 1.0}, []),
        ([{"name": "x", "v": 1}, {"name": "y"}], [{"name": "y"}, {"name": "x", "v": 2}],
         [("[x].v", 1, 2), ("[order]", ["[x]", "[y]"], ["[y]", "[x]"])]),
        ([{"name": "x"}], [{"name": "z"}], [("[0].name", "x", "z")]),
        ([1, 2], [1], [("[1]", 2, ABSENT)]),
    ],
)  # fmt: skip
def test_differences(before: Any, after: Any, found: list[Any]) -> None:
    assert [(leaf.name, leaf.before, leaf.after) for leaf in differences(before, after)] == found


@given(TREES)
def test_nothing_differs_from_itself(tree: Any) -> None:
    assert list(differences(tree, tree)) == []


@given(TREES, TREES)
def test_what_is_not_equal_has_a_difference(one: Any, other: Any) -> None:
    assert bool(list(differences(one, other))) is (_told(one) != _told(other))


def _told(tree: Any) -> Any:
    """A tree in which true and 1 are not one."""
    if isinstance(tree, dict):
        return {key: _told(value) for key, value in tree.items()}
    return [_told(item) for item in tree] if isinstance(tree, list) else (isinstance(tree, bool), tree)
