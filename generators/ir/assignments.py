"""`--set KEY=VALUE`: what a person gives a run, read by the types that the pipeline declares."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generators.errors import GraftError
from generators.ir.values import WORDS, kind_of, parse
from generators.model import Finding, Place
from generators.suggestions import did_you_mean

OPTION = "--set"
_JSON = {"LIST": "write it as JSON, such as [1, 2]", "STRUCT": 'write it as JSON, such as {"a": 1}'}


def read(
    assignments: Iterable[str], declared: Mapping[str, Mapping[str, Any]], known: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], list[Finding]]:
    """The values by name, and what is wrong with the assignments.

    `declared` is name to KFP's ParameterSpec. `known` are the values that a run has of itself, of which a key with dots
    changes a part (`configuration.epochs=3`); those that are not in it have the default that is declared.
    """
    reading = _Reading(declared, known or {})
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not name or not equals:
            reading.refuse("assignment", "", "is not KEY=VALUE", assignment, fix="for example --set epochs=5")
        elif name in reading.given:
            reading.refuse("assignment", name, "is given twice", assignment, fix="keep one of them")
        else:
            reading.given.add(name)
            reading.take(name, text)
    return reading.values, reading.wrong


@dataclass
class _Reading:
    """What has been read of the assignments so far."""

    declared: Mapping[str, Mapping[str, Any]]
    known: Mapping[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[Finding] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    def refuse(self, *said: str, **more: str) -> None:
        self.wrong.append(problem(*said, **more))

    def take(self, name: str, text: str) -> None:
        whole, *keys = [name] if name in self.declared else name.split(".")
        if whole not in self.declared:
            allowed, fix = ", ".join(sorted(self.declared)) or "none", did_you_mean(whole, self.declared)
            self.refuse("unknown-parameter", whole, "unknown parameter", whole, allowed, fix)
        elif keys:
            self._part(name, whole, keys, text)
        elif name in self.values:
            self.refuse("assignment", name, "would undo what was set of a part of it", name, fix="set the whole first")
        else:
            self._whole(name, text)

    def _whole(self, name: str, text: str) -> None:
        kind = kind_of(self.declared[name])
        try:
            self.values[name] = parse(kind, text)
        except GraftError as error:
            fix = _JSON.get(kind, error.fix) or f"give {WORDS[kind]}: {OPTION} {name}=..."
            self.refuse("parameter-type", name, error.message, text, WORDS.get(kind, ""), fix)

    def _part(self, name: str, whole: str, keys: list[str], text: str) -> None:
        """One value inside a mapping; those beside it stay as they are."""
        before = self.values.get(whole, self.known.get(whole, self.declared[whole].get("defaultValue")))
        value = copy.deepcopy(before)
        place = value
        for key in keys[:-1]:
            place = place.get(key) if isinstance(place, dict) else None
        if not isinstance(place, dict):
            message, fix = "there is no mapping to set this in", f"give all of it as JSON: {OPTION} {whole}=..."
            self.refuse("parameter-type", name, message, json.dumps(before), "a key of a mapping", fix)
        elif keys[-1] not in place:
            allowed, fix = ", ".join(place), did_you_mean(keys[-1], place) or f"give all of it: {OPTION} {whole}=..."
            self.refuse("unknown-key", name, "unknown key", keys[-1], allowed, fix)
        else:
            place[keys[-1]] = _plain(text, place[keys[-1]])
            self.values[whole] = value


def _plain(text: str, before: Any) -> Any:
    """A value in JSON, or text where it is none, or where text stood before."""
    if isinstance(before, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def problem(rule: str, name: str, message: str, found: str = "", allowed: str = "", fix: str = "") -> Finding:
    """The finding of what is wrong with a parameter on the command line."""
    return Finding("invalid", "use", rule, Place(OPTION, 0, 0), name, message, found, allowed, fix)
