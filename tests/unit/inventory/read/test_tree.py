"""The tree of a document: what a copy with one change keeps."""

from __future__ import annotations

from generators.inventory.read import find, plain, read_document, replaced, walk, without

ROOT = read_document("a.yml", "a: {b: [1, {c: 2}]}\nd: 3\n").root


def test_walk_gives_every_path_that_find_finds() -> None:
    nodes = dict(walk(ROOT))
    assert list(nodes) == [(), ("a",), ("a", "b"), ("a", "b", 0), ("a", "b", 1), ("a", "b", 1, "c"), ("d",)]
    assert all(find(ROOT, path) is node for path, node in nodes.items())


def test_find_gives_nothing_for_a_path_that_does_not_exist() -> None:
    assert [find(ROOT, path) for path in (("x",), ("a", 0), ("a", "b", 2), ("d", "e"))] == [None] * 4


def test_a_replaced_value_keeps_its_place_and_everything_else() -> None:
    copy = replaced(ROOT, ("a", "b", 1, "c"), 9)
    assert plain(copy) == {"a": {"b": [1, {"c": 9}]}, "d": 3}
    assert find(copy, ("a", "b", 1, "c")).place == find(ROOT, ("a", "b", 1, "c")).place
    assert plain(ROOT) == {"a": {"b": [1, {"c": 2}]}, "d": 3}


def test_an_entry_left_out_leaves_the_others() -> None:
    assert plain(without(ROOT, ("a", "b"))) == {"a": {}, "d": 3}
