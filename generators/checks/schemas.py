"""The schema of every kind of object that graft knows, and what else its API server asks of it.

Kubernetes' own kinds are those of `kinds`; others are in `schemas/objects/<group>/<Kind>.schema.json`, where the group
of `v1` is `core`, made of their systems' CustomResourceDefinitions, or are in a folder of definitions that a person
names. What this repository renders is narrower: that is in `schemas/rendered`, in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generators.checks import kinds
from generators.checks.definitions.defaults import defaulted, without_nulls
from generators.checks.definitions.lists import repeated
from generators.checks.definitions.parts import Part, parts
from generators.checks.forms import Schema
from generators.checks.kubernetes import problems as kubernetes_problems
from generators.checks.rules import broken
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from generators.inventory.schema import json_schema, validator
from generators.output.digest import digest

OBJECTS, RENDERED, ENDING = "schemas/objects", "schemas/rendered", ".schema.json"
Check = Callable[[Any], list[Problem]]


def load(repository: Repository, cache: Cache) -> str:
    """The schemas of a repository as one JSON text: folder to `<group>/<Kind>` to the text of the file."""
    found = {folder: _texts(repository, folder) for folder in (OBJECTS, RENDERED)}
    text = json.dumps(found, sort_keys=True)
    key = cache.key("object-schemas", digest(text))
    if cache.get("schemas", key) is None:
        for folder, names in found.items():
            for name in names:
                json_schema(repository, f"{folder}/{name}{ENDING}")  # which says what is wrong with one that is none
        cache.put("schemas", key, True)
    return text


def _texts(repository: Repository, folder: str) -> dict[str, str]:
    found = {}
    for file in repository.files(f"{folder}/**/*"):
        name = file.removeprefix(f"{folder}/")
        if name.count("/") != 1 or not name.endswith(ENDING):
            message = f"{file} is not where a schema of objects is looked for"
            raise GraftError(message, f"move it to {folder}/<group>/<Kind>{ENDING}, or remove it")
        found[name.removesuffix(ENDING)] = repository.text(file)
    return found


def name_of(kind: str, api_version: str) -> str:
    """What the schema of a kind is called: the group without its version, and the kind."""
    group, slash, _ = api_version.rpartition("/")
    return f"{group if slash else 'core'}/{kind}"


@dataclass
class Schemas:
    """The schemas there are, by the text that `load` gave and by definitions: (API version, kind) to schema."""

    text: str
    given: Mapping[tuple[str, str], Schema] = field(default_factory=dict)
    _checks: dict[tuple[str, str, bool], Check | None] = field(default_factory=dict)

    @cached_property
    def _files(self) -> dict[str, dict[str, str]]:
        return json.loads(self.text)

    def check(self, kind: str, api_version: str, rendered: bool = False) -> Check | None:
        """What finds the problems of an object of this kind; None where there is no schema for it."""
        key = (kind, api_version, rendered)
        if key not in self._checks:
            self._checks[key] = self._made(*key)
        return self._checks[key]

    def schema(self, kind: str, api_version: str) -> Schema | None:
        """The schema of a kind in one version, None where there is none."""
        if (api_version, kind) in self.given:
            return self.given[api_version, kind]
        text = self._files[OBJECTS].get(name_of(kind, api_version))
        schema = json.loads(text) if text else None
        wanted = (schema or {}).get("properties", {}).get("apiVersion", {}).get("const", api_version)
        if schema is not None and wanted == api_version:
            return schema
        return kinds.kubernetes(kind, api_version) if schema is None else None

    def _is_a_file(self, kind: str, api_version: str) -> bool:
        return name_of(kind, api_version) in self._files[OBJECTS]

    def _made(self, kind: str, api_version: str, rendered: bool) -> Check | None:
        narrower = self._files[RENDERED].get(name_of(kind, api_version)) if rendered else None
        schema = self.schema(kind, api_version)
        found = (
            [_Whole.of(schema, (api_version, kind) in self.given or self._is_a_file(kind, api_version))]
            if schema is not None
            else []
        )
        found += [validator(json.loads(narrower))] if narrower else []
        return (lambda obj: _together([check(obj) for check in found])) if found else None


def _together(problems: Sequence[list[Problem]]) -> list[Problem]:
    """Every problem once; what a narrower schema says of the same place is not said again."""
    if not any(problems):
        return []
    found: dict[KeyPath, list[Problem]] = {}
    for each in problems:
        fresh: dict[KeyPath, list[Problem]] = {}
        for problem in each:
            if problem.path not in found:
                fresh.setdefault(problem.path, []).append(problem)
        found |= fresh
    return [problem for each in found.values() for problem in each]


@dataclass(frozen=True)
class _Whole:
    """All that is asked of the objects of one kind: its schema first, and what goes by a shape that is right.

    A null of a `custom` kind is as if it were not there, where it is no value.
    """

    shape: Check
    part: Part | None
    custom: bool

    @classmethod
    def of(cls, schema: Schema, custom: bool) -> _Whole:
        return cls(validator(schema), parts(schema), custom)

    def __call__(self, obj: dict[str, Any]) -> list[Problem]:
        found = self.shape(obj)
        if found and self.custom:
            strange = [problem for problem in found if problem.rule == "unknown-key"]  # also where it is null
            obj = defaulted(without_nulls(obj), self.part)
            found = list(dict.fromkeys([*self.shape(obj), *strange]))
        if found:
            return found
        found = list(kubernetes_problems(obj))
        if self.part is not None:
            whole = defaulted(obj, self.part)
            found += [*repeated(whole, self.part), *broken(whole, self.part)]
        return found
