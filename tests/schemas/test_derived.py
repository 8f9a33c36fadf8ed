"""The schemas of files as written follow from the merged one, and both are valid JSON Schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from generators.fleet.derived_schemas import derived
from generators.inventory.read import Repository

ROOT = Path(__file__).resolve().parents[2]


def test_the_derived_schemas_are_those_that_are_committed() -> None:
    for file, text in derived(Repository(ROOT)).items():
        assert (ROOT / file).read_text() == text, "run: make schemas"


@pytest.mark.parametrize("file", sorted(ROOT.glob("schemas/**/*.schema.json")), ids=lambda file: file.name)
def test_every_schema_is_a_valid_one(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_text()))


@pytest.mark.parametrize("file", sorted(ROOT.glob("schemas/**/*.schema.json")), ids=lambda file: file.name)
def test_no_schema_lets_an_unknown_key_pass(file: Path) -> None:
    objects = _objects(json.loads(file.read_text()))
    open_ones = [path for path, schema in objects if "additionalProperties" not in schema]

    # Kapitan's settings are Kapitan's to check; a pipeline's parameters follow from its definition.
    checked_elsewhere = ("kapitan", "parameters", "kapitan/anyOf/0", "parameters/anyOf/0")
    assert [path for path in open_ones if not path.endswith(checked_elsewhere)] == []


def _objects(schema: object, path: str = "") -> list[tuple[str, dict]]:
    if isinstance(schema, list):
        return [found for number, item in enumerate(schema) for found in _objects(item, f"{path}/{number}")]
    if not isinstance(schema, dict):
        return []
    below = [found for key, value in schema.items() if key != "examples" for found in _objects(value, f"{path}/{key}")]
    return below + ([(path, schema)] if schema.get("type") == "object" else [])
