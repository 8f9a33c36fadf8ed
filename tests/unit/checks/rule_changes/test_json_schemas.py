"""What one JSON schema accepts and another does not: told from both, and surely or not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generators.checks.rule_changes import files, json_schemas
from generators.checks.rule_changes.model import RuleFile
from tests.unit.checks.rule_changes.documents import holding, without

SCHEMA = "schemas/parameters/greet.schema.json"
OBJECT = {
    "type": "object",
    "required": ["a"],
    "additionalProperties": False,
    "properties": {"a": {"type": "integer", "minimum": 1}, "b": {"enum": ["x", "y"]}},
}
HASH = {"type": "string", "pattern": "^[0-9a-f]{4}$", "examples": ["0a1b"]}
UNSURE = {"type": "string", "pattern": "^a", "not": {"const": "ab"}}
TEXT = {"type": "string", "minLength": 3}
OF_TEXT = {
    "$defs": {"text": TEXT, "long": holding(TEXT, 9, "minLength"), "any": {"type": "string"}},
    "properties": {"a": {"$ref": "#/$defs/text"}},
}
CHAIN = {"required": ["next"], "properties": {"next": {"$ref": "#/$defs/list"}}}
LIST = {"$defs": {"list": CHAIN}, "$ref": "#/$defs/list"}
ASKED = {"if": {"required": ["a"]}, "then": {"required": ["b"]}}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (OBJECT, OBJECT, []),
        (OBJECT, {}, [("", True)]),
        (OBJECT, True, [("", True)]),
        ({"minItems": 1}, {"title": "a list"}, [("", True)]),
        ({"type": "array"}, {"minItems": 1}, [("", True)]),  # any number and text too
        (False, OBJECT, [("", True)]),
        (OBJECT, {"$schema": "http://json-schema.org/draft-03/schema#", **OBJECT}, [("$schema", True)]),
        (OBJECT, without(OBJECT, "required"), [("", True)]),
        (OBJECT, without(OBJECT, "additionalProperties"), [("", True)]),
        (OBJECT, holding(OBJECT, {}, "properties", "c"), [("properties.c", True)]),
        (OBJECT, without(OBJECT, "properties", "b"), []),  # it is an unknown key now
        (OBJECT, holding(OBJECT, 0, "properties", "a", "minimum"), [("properties.a.minimum", True)]),
        (OBJECT, holding(OBJECT, 2, "properties", "a", "minimum"), []),
        (OBJECT, holding(OBJECT, 9, "properties", "a", "maximum"), []),
        (OBJECT, holding(OBJECT, ["integer", "null"], "properties", "a", "type"), [("properties.a.type", True)]),
        (OBJECT, holding(OBJECT, ["x"], "properties", "b", "enum"), []),
        (OBJECT, holding(OBJECT, ["x", "z"], "properties", "b", "enum"), [("properties.b.enum", True)]),
        (
            holding(OBJECT, [0], "properties", "b", "enum"),
            holding(OBJECT, [False], "properties", "b", "enum"),
            [("properties.b.enum", True)],
        ),
        (OBJECT, holding(OBJECT, "what it is", "properties", "a", "description"), []),
        (UNSURE, holding(UNSURE, "^a+b+$", "pattern"), [("pattern", False)]),
        (UNSURE, holding(UNSURE, "", "pattern"), [("pattern", True)]),
        (HASH, holding(HASH, "^[0-9a-f]{2}", "pattern"), [("pattern", True)]),  # which its example shows
        (UNSURE, holding(UNSURE, {"const": "abc"}, "not"), [("not", True)]),
        (OF_TEXT, holding(OF_TEXT, "#/$defs/any", "properties", "a", "$ref"), [("properties.a", True)]),
        (OF_TEXT, holding(OF_TEXT, "#/$defs/long", "properties", "a", "$ref"), []),
        (OF_TEXT, holding(OF_TEXT, TEXT, "properties", "a"), []),  # the same, without a name
        (OF_TEXT, holding(OF_TEXT, {"$ref": "#/$defs/any", "minLength": 1}, "properties", "a"),
         [("properties.a.minLength", True)]),
        (OF_TEXT, holding(OF_TEXT, "other.json", "properties", "a", "$ref"), [("properties.a", True)]),
        ({"examples": [TEXT], "$ref": "#/examples/0"}, {"examples": [{}], "$ref": "#/examples/0"}, [("", True)]),
        (LIST, {"$defs": {"of": {**CHAIN, "properties": {"next": {"$ref": "#/$defs/of"}}}}, "$ref": "#/$defs/of"}, []),
        ({"$dynamicRef": "#a"}, {"$dynamicRef": "#b"}, [("$dynamicRef", True)]),
        (ASKED, holding(ASKED, False, "if"), [("if", True)]),
        (ASKED, holding(ASKED, {"required": ["a", "z"]}, "if"), [("if", True)]),
        (ASKED, holding(ASKED, {"pattern": "b"}, "if"), [("if", True)]),
        (ASKED, holding(ASKED, True, "if"), []),  # which asks for it in any case
        (ASKED, holding(ASKED, True, "then"), [("then", True)]),
        (ASKED, without(ASKED, "then"), [("then", True)]),
        ({"if": {"const": 1}, "else": {"const": 2}}, {"if": {"enum": [1, 3]}, "else": {"const": 2}}, [("if", True)]),
        ({"contains": TEXT}, {"contains": TEXT, "minContains": 0}, [("minContains", True)]),
        ({"items": TEXT}, {"items": TEXT, "prefixItems": [True]}, [("prefixItems.0", True)]),
        ({"items": TEXT}, {"items": TEXT, "prefixItems": [{"type": "string", "minLength": 9}]}, []),
        ({"prefixItems": [TEXT], "items": False}, {"prefixItems": [TEXT, True], "items": False},
         [("prefixItems.1", True)]),
        ({"oneOf": [{"type": "string"}, TEXT]}, {"oneOf": [{"type": "string"}, False]}, [("oneOf", True)]),
        ({"unevaluatedProperties": False}, {"unevaluatedProperties": False, "allOf": [{"properties": {"a": True}}]},
         [("allOf", True)]),
        ({"x-kubernetes-validations": [{"rule": "self > 1"}]}, {"x-kubernetes-validations": [{"rule": "true"}]},
         [("x-kubernetes-validations", True)]),
        ({"additionalProperties": {"type": "string"}}, {"additionalProperties": {"type": "string"}, "properties":
         {"a": {}}}, [("properties.a", True)]),
        (UNSURE, without(UNSURE, "not"), [("", True)]),
        ({"anyOf": [OBJECT]}, {"anyOf": [OBJECT, UNSURE]}, [("anyOf", True)]),
        ({"allOf": [OBJECT, UNSURE]}, {"allOf": [OBJECT]}, [("allOf", True)]),
        ({"items": OBJECT}, {"items": without(OBJECT, "required")}, [("items", True)]),
        ({"$defs": {"o": OBJECT}}, {"$defs": {"o": without(OBJECT, "required")}}, [("$defs.o", True)]),
        ({"type": "object"}, {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
         [("x-kubernetes-preserve-unknown-fields", True)]),
    ],
)  # fmt: skip
def test_a_schema_accepts_more(old: Any, new: Any, found: list[tuple[str, bool]]) -> None:
    loosened = json_schemas.loosened(old, new)

    assert [(".".join(map(str, each.path)), each.surely) for each in loosened] == found


@pytest.mark.parametrize("emptied", ["{}", '{"title": "an object"}', '{"type": "object"}', "{", "[]"])
def test_a_schema_that_is_emptied_is_weaker(emptied: str) -> None:
    assert any(each.surely for each in files.places(RuleFile(SCHEMA, json.dumps(OBJECT), emptied)))
