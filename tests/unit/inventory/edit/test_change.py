"""An edit changes the lines of its value and no other, whatever file it is in and however that is written."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import cycle
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.inventory.edit import appended, renamed, with_value, without_value
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Node, find, plain, read_document, walk

ROOT = Path(__file__).resolve().parents[4]
FILES = sorted(
    file
    for folder in (ROOT, ROOT / "tests/tiny", ROOT / "tests/readme")
    for file in (*folder.glob("environments/*.yml"), *folder.glob("base/**/*.yml"))
)
NAMES = [str(file.relative_to(ROOT)) for file in FILES]


def node(text: str) -> Node:
    return find(read_document("given", f"value: {text}").root, ("value",))


def keys(text: str) -> Iterator[tuple[KeyPath, Node]]:
    """Every entry of a mapping below `parameters` that is in no list, its path without `~`."""
    for path, found in walk(read_document("given", text).root):
        if len(path) > 1 and path[0] == "parameters" and not any(isinstance(part, int) for part in path):
            yield tuple(str(part).removeprefix("~") for part in path), found


def changed_lines(before: str, after: str) -> tuple[int, int, int, int]:
    """(first and last changed line of the one, and of the other), from 1; there must be one region."""
    kinds = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False).get_opcodes()
    regions = [each for each in kinds if each[0] != "equal"]
    assert len(regions) == 1, f"{len(regions)} places changed"
    _, first, last, new_first, new_last = regions[0]
    return first + 1, last, new_first + 1, new_last


def last_line(found: Node) -> int:
    return max(each.place.line for _, each in walk(found))


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_setting_any_key_changes_its_own_lines_alone(file: Path) -> None:
    text = file.read_text()
    comment = next(line for line in text.splitlines() if line.lstrip().startswith("#"))
    for (path, found), value in zip(keys(text), cycle(("changed", "4711", '["a, b", {c: 1}]'))):
        after = with_value(text, file.name, path, node(value))

        first, last, *_ = changed_lines(text, after)
        where = format_path(path)
        assert found.entry_place.line <= first <= last <= last_line(found), where
        assert comment in after


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_taking_out_any_key_changes_its_own_lines_alone(file: Path) -> None:
    text = file.read_text()
    for path, found in keys(text):
        after = without_value(text, file.name, path)

        first, last, new_first, new_last = changed_lines(text, after)
        assert last <= last_line(found) and new_last - new_first <= 0, format_path(path)
        assert first >= found.entry_place.line - len(path), format_path(path)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_key_can_be_added_to_any_mapping_and_taken_out_again(file: Path) -> None:
    text = file.read_text()
    for path, found in keys(text):
        if isinstance(found.value, dict) and found.value:
            after = with_value(text, file.name, (*path, "added"), node("1"))

            assert without_value(after, file.name, (*path, "added")) == text, format_path(path)


CASES = [
    # what stands there, path, value, what comes of it
    ("a: 1  # why\nb: 2\n", "a", "3", "a: 3  # why\nb: 2\n"),
    ("a: 'x'\n", "a", "it's", "a: 'it''s'\n"),
    ('a: "x"\n', "a", "y", 'a: "y"\n'),
    ("a: x\n", "a", '"yes"', 'a: "yes"\n'),
    ("a:\n", "a", "3", "a: 3\n"),
    ("a:   # why\n  - 1\n  - 2\nb: 2\n", "a", "3", "a: 3   # why\nb: 2\n"),
    ("a:   # why\n  - 1\n  - 2\nb: 2\n", "a", "[3, [4]]", "a:   # why\n  - 3\n  - [4]\nb: 2\n"),
    ("a: |\n  x\n  y\n\nb: 2\n", "a", "3", "a: 3\n\nb: 2\n"),
    ("a: {b: 1}\n", "a.c", "2", "a: {b: 1, c: 2}\n"),
    ("a: { b: 1 }\n", "a.c", "2", "a: { b: 1, c: 2 }\n"),
    ("a: {}\n", "a.c", "2", "a: {c: 2}\n"),
    ("a:\n", "a.b.c", "2", "a: {b: {c: 2}}\n"),
    ("a:\n    b: 1\n\n# end\n", "a.c.d", "2", "a:\n    b: 1\n    c: {d: 2}\n\n# end\n"),
    ("a:\n    b: 1\n", "a.c.d.e", "2", "a:\n    b: 1\n    c:\n        d: {e: 2}\n"),
    ("a: 1", "b", "2", "a: 1\nb: 2"),
    ("a: 1.5\n", "a", "1.10", "a: 1.10\n"),
    ("a: [1, {b: 2}]\n", "a[1].b", "3", "a: [1, {b: 3}]\n"),
    ("a: 1\n", "b", "'${c:d}'", 'a: 1\nb: "${c:d}"\n'),
]


@pytest.mark.parametrize(("text", "path", "value", "expected"), CASES)
def test_a_value_is_written_as_its_neighbours_are(text: str, path: str, value: str, expected: str) -> None:
    from generators.inventory.paths import parse_path

    assert with_value(text, "a.yml", parse_path(path), node(value)) == expected


def test_a_new_key_goes_where_the_order_has_it() -> None:
    text = "p:\n  # first\n  b: 1\n  d: 2  # last\n"

    def written(name: str) -> str:
        return with_value(text, "a.yml", ("p", name), node("0"), order=lambda _: ("a", "b", "c", "d", "e"))

    assert written("a") == "p:\n  a: 0\n  # first\n  b: 1\n  d: 2  # last\n"
    assert written("c") == "p:\n  # first\n  b: 1\n  c: 0\n  d: 2  # last\n"
    assert written("e") == written("z").replace("z", "e") == "p:\n  # first\n  b: 1\n  d: 2  # last\n  e: 0\n"


def test_what_is_too_long_for_a_line_has_a_line_for_each_part() -> None:
    long = ", ".join(f"{{units: {number}, activation: relu}}" for number in range(8))

    after = with_value("a: 1\n", "a.yml", ("b",), node(f"[{long}]"))

    assert after.splitlines()[1:3] == ["b:", "  - {units: 0, activation: relu}"]
    assert plain(read_document("a.yml", after).root)["b"][7]["units"] == 7


def test_a_list_over_a_list_replaces_it_by_its_key() -> None:
    assert with_value("a: {b: [1]}\n", "a.yml", ("a", "b"), node("[2]"), replaces=True) == "a: {~b: [2]}\n"
    assert with_value("a:\n  ~b: [1]\n", "a.yml", ("a", "b"), node("[2]"), replaces=True) == "a:\n  ~b: [2]\n"
    assert with_value("a:\n  c: 1\n", "a.yml", ("a", "b"), node("[2]"), replaces=True) == "a:\n  c: 1\n  ~b: [2]\n"


def test_mappings_that_become_empty_go_too() -> None:
    text = "parameters:\n  x: 1\n  a:\n    b:\n      c: {d: 1}\n"

    assert without_value(text, "a.yml", ("parameters", "a", "b", "c", "d")) == "parameters:\n  x: 1\n"


def test_an_item_is_added_to_a_list_and_a_key_renamed() -> None:
    assert appended("a: [b, c]\n", "a.yml", ("a",), node("d")) == "a: [b, c, d]\n"
    assert appended("a:\n- b # why\nc: 1\n", "a.yml", ("a",), node("d")) == "a:\n- b # why\n- d\nc: 1\n"
    assert renamed("a: {b: 1}\n", "a.yml", ("a", "b"), "c") == "a: {c: 1}\n"


@pytest.mark.parametrize("path", [("a", "b"), ("c", 7), ("c", "x")])
def test_what_stands_in_the_way_is_said(path: KeyPath) -> None:
    with pytest.raises(GraftError):
        with_value("a: text\nc: [1]\n", "a.yml", path, node("1"))
