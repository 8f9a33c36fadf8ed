"""A pipeline's schema of its parameters is held against JSON Schema's own words and against what the pipeline has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs import check

FILE = "schemas/parameters/greet.schema.json"


def _found(tiny: Path, properties: dict[str, Any], **more: Any) -> list[Finding]:
    (tiny / FILE).write_text(json.dumps({"type": "object", **more, "properties": properties}, indent=1))
    return [each for each in check.check(Repository(tiny)) if each.place.file == FILE]


def test_a_schema_that_fits_has_no_findings(tiny: Path) -> None:
    assert _found(tiny, {"times": {"type": "integer", "minimum": 1, "x-fix": "more"}, "word": {"minLength": 1}}) == []


WRONG = {
    "a misspelt keyword": ({"times": {"minimun": 1}}, "unknown-keyword", '"minimun"', "did you mean minimum?"),
    "a misspelt keyword inside": (
        {"people": {"items": {"anyOf": [{"requierd": []}]}}}, "unknown-keyword", '"requierd"', "did you mean required?",
    ),
    "a misspelt parameter": ({"tims": {"minimum": 1}}, "unknown-parameter", '"tims"', "did you mean times?"),
    "a default that it refuses": ({"rate": {"minimum": 2}}, "default", '"rate"', "change the schema, or the default"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_nobody_would_notice_is_found_at_its_line(tiny: Path, what: str) -> None:
    properties, rule, line, fix = WRONG[what]

    (finding,) = _found(tiny, properties)

    assert (finding.rule, finding.fix.startswith(fix)) == (rule, True)
    assert line in (tiny / FILE).read_text().splitlines()[finding.place.line - 1]


def test_a_property_may_be_called_as_a_keyword_is_misspelt(tiny: Path) -> None:
    found = _found(tiny, {"people": {"items": {"properties": {"minimun": {"type": "integer"}}}}})

    assert found == []
