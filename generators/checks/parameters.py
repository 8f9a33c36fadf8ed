"""Whether a pipeline's own schema of its parameters says what its author meant: nothing else reads it as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generators.errors import GraftError, Unreadable
from generators.fleet.compatibility import narrowed, schema_of
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from generators.inventory.schema import validator
from generators.ir import documents
from generators.ir.definitions import Definition
from generators.ir.lines import line_at
from generators.model import Finding, Place
from generators.suggestions import did_you_mean

_KIND = "parameter-schema"
# The keywords of https://json-schema.org/draft/2020-12/schema, by what stands below them.
_ONE = ("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties")  # fmt: skip
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")
_PLAIN = (
    "$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary", "const",
    "contentEncoding", "contentMediaType", "contentSchema", "default", "dependentRequired", "deprecated", "description",
    "enum", "examples", "exclusiveMaximum", "exclusiveMinimum", "format", "maxContains", "maxItems", "maxLength",
    "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf",
    "pattern", "readOnly", "required", "title", "type", "uniqueItems", "writeOnly",
)  # fmt: skip
KEYWORDS = (*_ONE, *_LISTED, *_NAMED, *_PLAIN)


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of the schema of every pipeline that some environment runs."""
    running: dict[str, dict[str, Definition]] = {}
    for environment in fleet.environments.values():
        for pipeline in environment.pipelines:
            if found := fleet.definition(environment.name, pipeline.name):
                running.setdefault(pipeline.name, {})[found.hash] = found
    for name, definitions in sorted(running.items()):
        file = schema_of(name)
        if not fleet.repository.exists(file):
            continue
        key = fleet.cache.key(fleet.repository.sha256(file), *sorted(definitions))
        if fleet.cache.get(_KIND, key):
            continue
        found = list(_of_file(fleet.repository, name, list(definitions.values())))
        yield from found
        if not found:
            fleet.cache.put(_KIND, key, True)


def _of_file(repository: Repository, name: str, definitions: list[Definition]) -> Iterator[Finding]:
    try:
        schema = narrowed(repository, name) or {}
    except (GraftError, Unreadable):
        return  # which is said where the environments are looked at
    found = list(dict.fromkeys(problems(schema, definitions)))
    yield from _placed(found, schema_of(name), repository.text(schema_of(name)))


def problems(schema: Mapping[str, Any], definitions: list[Definition]) -> Iterator[Problem]:
    """What is wrong with a schema beside the definitions that are run; paths lead into the schema."""
    yield from _keywords(schema, ())
    known = sorted({name for each in definitions for name in each.parameters})
    for name in schema.get("properties", {}):
        if name not in known:
            fix = did_you_mean(name, known) or "remove it"
            message = "the pipeline has no such parameter"
            yield Problem(("properties", name), "unknown-parameter", message, name, ", ".join(known), fix)
    problems_of = validator(dict(schema))
    for each in definitions:
        yield from _defaults(each, problems_of)


def _keywords(schema: Any, path: KeyPath) -> Iterator[Problem]:
    """Keys that JSON Schema does not know, which it passes over without a word."""
    if not isinstance(schema, Mapping):
        return
    for key, value in schema.items():
        if key not in KEYWORDS and not key.startswith("x-"):
            fix = did_you_mean(key, KEYWORDS) or "remove it, or begin it with x-"
            yield Problem((*path, key), "unknown-keyword", "JSON Schema has no such keyword", key, fix=fix)
        if key in _ONE:
            yield from _keywords(value, (*path, key))
        elif key in _LISTED and isinstance(value, list):
            for position, each in enumerate(value):
                yield from _keywords(each, (*path, key, position))
        elif key in _NAMED and isinstance(value, Mapping):
            for name, each in value.items():
                yield from _keywords(each, (*path, key, name))


def _defaults(definition: Definition, problems_of: Any) -> Iterator[Problem]:
    """Defaults of the pipeline's code that its schema refuses: an environment that says nothing would run them."""
    declared = definition.parameters.items()
    values = {name: spec["defaultValue"] for name, spec in declared if "defaultValue" in spec}
    for problem in problems_of(values):
        name = str(problem.path[0]) if problem.path else problem.missing
        if problem.rule not in ("unknown-key", "missing-key"):
            message = f"the default of definition {definition.hash} is refused by this: {problem.message}"
            fix = "change the schema, or the default in the pipeline's code"
            yield replace(problem, path=("properties", name), rule="default", message=message, fix=fix)


def _placed(found: list[Problem], file: str, text: str) -> Iterator[Finding]:
    roots, _ = documents.read(text, file)
    for problem in found:
        lines = (line_at(roots[0], problem.path[:length]) for length in range(len(problem.path), 0, -1))
        yield problem.at(Place(file, next((line for line in lines if line), 1)))
