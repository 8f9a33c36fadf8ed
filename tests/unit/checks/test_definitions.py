"""A CustomResourceDefinition is what its API server makes of it: strict, with its defaults, lists by key, and rules."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generators.checks.definitions.compact import compact
from generators.checks.definitions.defaults import defaulted, without_nulls
from generators.checks.definitions.lists import repeated
from generators.checks.definitions.parts import in_cel, parts
from generators.checks.definitions.structural import json_schema, strict
from generators.checks.needed import narrowed
from generators.checks.rules import broken, escaped

OPEN = "x-kubernetes-preserve-unknown-fields"
TEXT = {"type": "string"}


def _takes(schema: dict[str, Any], value: Any) -> bool:
    return Draft202012Validator(strict(schema)).is_valid(value)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "object", "properties": {"a": TEXT}}, {"a": "x"}, {"b": "x"}),
        ({"type": "object"}, {}, {"anything": 1}),
        ({"type": "object", OPEN: True, "properties": {"a": TEXT}}, {"b": 1}, {"a": 1}),
        ({"type": "object", "additionalProperties": TEXT}, {"b": "x"}, {"b": 1}),
        ({"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, TEXT]}, "5%", 1.5),
        ({"type": "integer", "format": "int32"}, 2147483647, 2147483648),
        ({"type": "string", "nullable": True}, None, 1),
        ({"type": "number", "maximum": 3, "exclusiveMaximum": True}, 2.9, 3),
        ({"type": "string", "pattern": r"^\d+$"}, "12", "١٢"),  # Go's \d is a digit of ASCII
        ({"type": "string", "format": "date-time"}, "2026-01-01T00:00:00Z", "yesterday"),
        ({"type": "array", "x-kubernetes-list-type": "set", "items": TEXT}, ["a", "b"], ["a", "a"]),
    ],
)
def test_a_structural_schema_is_as_strict_as_the_server_is(schema: dict[str, Any], good: Any, bad: Any) -> None:
    assert _takes(schema, good) and not _takes(schema, bad)


def test_a_whole_object_says_what_it_is_and_where_it_may_be() -> None:
    schema = json_schema(
        {"type": "object", "properties": {"spec": {"type": "object"}}}, "x.org/v1", "W", namespaced=False
    )
    check, named = Draft202012Validator(schema), {"apiVersion": "x.org/v1", "kind": "W", "metadata": {"name": "w"}}

    assert check.is_valid(named)
    assert not check.is_valid({**named, "apiVersion": "x.org/v2"})
    assert not check.is_valid({**named, "metadata": {"name": "w", "namespace": "n"}})
    assert not check.is_valid({**named, "metadata": {}})


def test_what_is_written_once_means_the_same() -> None:
    part = {"type": "object", "properties": {"a": {"type": "string", "minLength": 3, "maxLength": 9}}}
    whole = strict({"type": "object", "properties": {"x": part, "y": part, "z": {"type": "array", "items": part}}})
    small = compact(whole)

    assert len(small["$defs"]) == 1
    for value in ({"x": {"a": "abc"}}, {"y": {"a": "ab"}}, {"z": [{"a": "abc"}, {"b": 1}]}):
        assert Draft202012Validator(small).is_valid(value) == Draft202012Validator(whole).is_valid(value)


SCHEMA = {
    "type": "object",
    "properties": {
        "most": {"type": "integer", "default": 3},
        "inner": {"type": "object", "default": {}, "properties": {"mode": {"type": "string", "default": "fast"}}},
        "ports": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["port", "protocol"],
            "items": {
                "type": "object",
                "properties": {"port": {"type": "integer"}, "protocol": {"type": "string", "default": "TCP"}},
            },
        },
        "maybe": {"type": "string", "nullable": True, "default": "x"},
    },
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"most": 3, "inner": {"mode": "fast"}, "maybe": "x"}),
        ({"most": None, "maybe": None}, {"most": 3, "inner": {"mode": "fast"}, "maybe": None}),
        ({"inner": {"mode": "slow"}, "most": 1}, {"most": 1, "inner": {"mode": "slow"}, "maybe": "x"}),
    ],
)
def test_defaults_are_those_that_the_server_fills_in(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert defaulted(given, parts(strict(SCHEMA))) == expected


def test_the_value_that_was_given_stays_as_it_was() -> None:
    given = {"ports": [{"port": 1}]}

    defaulted(given, parts(strict(SCHEMA)))

    assert given == {"ports": [{"port": 1}]} and without_nulls({"a": None, "b": [{"c": None}]}) == {"b": [{}]}


def test_items_of_a_list_are_told_apart_by_their_keys_defaults_included() -> None:
    part = parts(strict(SCHEMA))
    ports = [{"port": 1}, {"port": 1, "protocol": "UDP"}, {"port": 1, "protocol": "TCP"}]

    (problem,) = repeated({"ports": ports}, part)

    assert (problem.path, problem.found) == (("ports", 2), "port: 1, protocol: TCP")


def _broken(rule: dict[str, str], value: Any, **properties: Any) -> list[tuple[Any, str]]:
    schema = {"type": "object", "properties": properties, "x-kubernetes-validations": [rule]}
    return [(problem.path, problem.message) for problem in broken(value, parts(strict(schema)))]


def test_a_rule_that_does_not_hold_says_its_message_at_its_field() -> None:
    rule = {"rule": "self.a < self.b", "message": "a is not less than b", "fieldPath": ".a"}

    assert _broken(rule, {"a": 1, "b": 2}) == []
    assert _broken(rule, {"a": 2, "b": 2}) == [(("a",), "a is not less than b")]
    assert _broken({"rule": "self.a < 1"}, {"a": 1}) == [((), "failed rule: self.a < 1")]
    said = {"rule": "self.a < 1", "messageExpression": "'a is ' + string(self.a)"}
    assert _broken(said, {"a": 4}) == [((), "a is 4")]


def test_a_rule_without_an_answer_is_broken_and_one_about_a_change_is_not_asked() -> None:
    ((_, message),) = _broken({"rule": "self.a < 1", "message": "small"}, {})

    assert message == "small: no such key: a"
    assert _broken({"rule": "self.a == oldSelf.a"}, {"a": 1}) == []


def test_fields_are_called_as_cel_can_call_them() -> None:
    assert [in_cel(name) for name in ("x-y", "a.b/c", "namespace", "a__b", "plain")] == [
        "x__dash__y", "a__dot__b__slash__c", "__namespace__", "a__underscores__b", "plain",
    ]  # fmt: skip
    assert _broken({"rule": "self.x__dash__y == 1"}, {"x-y": 1}, **{"x-y": {"type": "integer"}}) == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("has(self.a) != has(self.b)", {"a": True}),
        ("self.a.size() > 1 || has(self.a)", {"a": {"k": [1, 2]}}),
        ("size(self) > 1", {"a": {"k": [1, 2]}, "c": 5}),
        ("self.all(k, k != 'x')", {"a": {"k": [1, 2]}, "c": 5}),
        ("self['a'] == 1", {"a": {"k": [1, 2]}, "c": 5}),
    ],
)
def test_a_rule_is_shown_what_it_looks_at_and_all_where_that_is_not_plain(rule: str, expected: Any) -> None:
    assert narrowed(rule, {"a": {"k": [1, 2]}, "c": 5}, None, escaped) == expected


def test_a_rule_about_the_items_of_a_list_is_shown_their_fields() -> None:
    items = [{"a": {"long": 1}, "b": 2, "c": 3}]

    assert narrowed("self.all(t, has(t.a) && t.b > 1)", items, None, escaped) == [{"a": True, "b": 2}]
    assert narrowed("self.all(t, t in ['x'])", items, None, escaped) == items
    assert narrowed("self.size() < 2 && self.all(t, has(t.a))", items, None, escaped) == items
