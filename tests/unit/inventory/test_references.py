"""Where references stand in a text. What they resolve to is reclass-rs's answer, in the test of merging."""

from __future__ import annotations

import pytest

from generators.inventory.references import nested, references, whole_reference


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("${a}", ["${a}"]),
        ("x ${a:b} y ${c}", ["${a:b}", "${c}"]),
        ("${a:${b}}", ["${a:${b}}"]),
        (r"\${a} ${b}", ["${b}"]),
        (r"\\${a}", ["${a}"]),
        ("$${a}", ["${a}"]),
        ("{${a}}", ["${a}"]),
        ("${a", []),
        ("${a:${b}", []),
        ("$a {b}", []),
    ],
)
def test_every_reference_that_is_not_escaped_is_found(text: str, found: list[str]) -> None:
    assert [reference.text for reference in references(text)] == found


def test_a_reference_inside_a_reference_takes_its_value() -> None:
    (reference,) = references("${a:${b:c}:d}")
    assert [inner.text for inner in nested(reference)] == ["${a:${b:c}:d}", "${b:c}"]
    assert reference.path({("b", "c"): "x"}.get) == ("a", "x", "d")
    assert reference.path({}.get) is None
    assert reference.could_be("${a:x:d}") and not reference.could_be("${a:x:e}")


@pytest.mark.parametrize(
    ("value", "whole"), [("${a}", True), ("${a:${b}}", True), ("${a}${b}", False), ("x${a}", False), (1, False)]
)
def test_only_a_reference_alone_can_stand_for_a_list_or_mapping(value: object, whole: bool) -> None:
    assert (whole_reference(value) is not None) == whole
