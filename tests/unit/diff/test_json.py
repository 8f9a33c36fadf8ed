"""A change as JSON is of its published schema, whatever is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from generators.diff.json import to_json
from generators.diff.model import Change
from tests.unit.diff.samples import BUSY, HOSTILE, LARGE

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas/output"


def validator() -> Draft202012Validator:
    """Of what `graft diff` prints as JSON."""
    known = [(file.name, Resource.from_contents(json.loads(file.read_text()))) for file in SCHEMAS.glob("*.json")]
    return Draft202012Validator({"$ref": "diff.schema.json"}, registry=Registry().with_resources(known))


@pytest.mark.parametrize(
    "change", [BUSY, HOSTILE, LARGE, Change("a", "b", "no effect.")], ids=["busy", "hostile", "large", "none"]
)
def test_it_is_of_its_schema(change: Change) -> None:
    assert [error.message for error in validator().iter_errors(json.loads(to_json(change)))] == []


def test_it_holds_what_a_program_asks_for() -> None:
    record = json.loads(to_json(BUSY))

    assert record["effect"] is True
    assert record["pipelines"][0]["definition"] == {"before": "1c31eac182", "after": "4dbb8e3ec3"}
    assert record["pipelines"][0]["versions"][0] == {"place": "prod/east", "before": "greet-1", "after": "greet-2"}
    assert record["inputs"][0]["in_base"] is True
    assert record["destroyed"] == [{"name": "prod/east/PersistentVolumeClaim/data", "why": "is deleted"}]
