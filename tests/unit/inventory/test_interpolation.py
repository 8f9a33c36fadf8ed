"""References inside a longer text."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("value", "kind"),
    [("{c: 1}", "a mapping"), ("[1]", "a list"), ("true", "true or false"), ("null", "null"), ("'${d}'", "a mapping")],
)
def test_what_is_no_text_or_number_does_not_become_part_of_a_text(merged, value: str, kind: str) -> None:
    environment, loaded = merged(f"b: {value}\nd: {{}}", "a: x${b}\nc: 1")
    (finding,) = loaded.findings
    assert (finding.rule, str(finding.place)) == ("reference-in-text", "environments/prod.yml:3:6")
    assert finding.message.startswith(f"${{b}} is {kind}, set at base/defaults.yml:")
    assert environment.parameters["a"] is None and environment.parameters["c"] == 1


@pytest.mark.parametrize(("value", "text"), [("1", "x1"), ("1.5", "x1.5"), ("z", "xz"), ("'${d}'", "x4")])
def test_a_text_or_number_becomes_part_of_a_text(merged, value: str, text: str) -> None:
    environment, loaded = merged(f"b: {value}\nd: 4", "a: x${b}")
    assert loaded.findings == ()
    assert environment.parameters["a"] == text


def test_the_last_layer_decides_what_a_reference_is(merged) -> None:
    environment, loaded = merged("b: null\na: x${b}", "b: 1")
    assert loaded.findings == ()
    assert environment.parameters == {"a": "x1", "b": 1}


def test_a_reference_in_a_reference_must_be_a_text_or_number_too(merged) -> None:
    _, loaded = merged("b: {c: 1}\nd: {c: 1}", "a: ${b:${d}}")
    assert "reference-in-text" in {finding.rule for finding in loaded.findings}
