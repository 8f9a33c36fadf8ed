"""KFP's placeholders: `{{$.inputs.parameters['x']}}` and its kin, and the Concat and IfPresent around them.

Source: kfp/dsl/placeholders.py of the SDK, and backend/src/v2/component/launcher_v2.go, which puts them in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generators.ir.view.tree import Tree

PATTERN = re.compile(r"""\{\{\$((?:\.\w+|\[(?:'[^']*'|"[^"]*"|\d+)\])*)\}\}""")
WHOLE_INPUT = "{{$}}"  # what the KFP executor is handed: all inputs, and where the outputs go
_KEY = re.compile(r"""\.(\w+)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]""")
_STRUCTS = ('{"Concat": ', '{"IfPresent": ')


@dataclass(frozen=True, slots=True)
class Concat:
    """Texts that make one argument."""

    parts: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class IfPresent:
    """Arguments that are there where the input `name` has a value, and others where it has none."""

    name: str
    then: tuple[Element, ...]
    otherwise: tuple[Element, ...]


Element = str | Concat | IfPresent


def keys(match: re.Match[str]) -> list[str]:
    """The keys of a placeholder that `PATTERN` matched, such as [inputs, parameters, x]; none for `{{$}}`."""
    return [match[match.lastindex] for match in _KEY.finditer(match[1])]


def named(text: str) -> list[list[str]]:
    """The keys of every placeholder in a text."""
    return [keys(match) for match in PATTERN.finditer(text)] if "{{$" in text else []


def inside(value: Any) -> bool:
    """Whether a string, or any string in a list or mapping, holds a placeholder."""
    if isinstance(value, str):
        return "{{$" in value and PATTERN.search(value) is not None
    if isinstance(value, dict):
        return any(inside(key) or inside(item) for key, item in value.items())
    return isinstance(value, list) and any(map(inside, value))


def strings(value: Any) -> Iterator[str]:
    """Every string in a value: of lists, of mappings with their keys, of a Concat or IfPresent."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, Concat):
        yield from strings(value.parts)
    elif isinstance(value, IfPresent):
        yield from strings((value.then, value.otherwise))


def element(template: str) -> Element:
    """An element of a command: the Concat or IfPresent that it holds as JSON, or the text itself."""
    if not template.startswith(_STRUCTS):
        return template
    try:
        found = _read(json.loads(template))
    except (ValueError, RecursionError):
        return template
    return template if found is None else found


def is_unreadable(template: str) -> bool:
    """Whether an element of a command begins as a Concat or an IfPresent does, and is not one."""
    return template.startswith(_STRUCTS) and isinstance(element(template), str)


def runs_kfp(container: Tree) -> bool:
    """Whether a container's command is the KFP executor of a Python component."""
    templates = [*container.get("command", ()), *container.get("args", ())]
    return WHOLE_INPUT in templates and any("executor_main" in template for template in templates)


def _read(value: Any) -> Element | None:
    """What a JSON value means as an element; None where it is not one."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((kind, content),) = value.items()
    if kind == "Concat" and isinstance(content, list):
        return _if_whole(Concat, _each(content))
    if kind == "IfPresent" and isinstance(content, dict) and isinstance(content.get("InputName"), str):
        return _if_whole(IfPresent, content["InputName"], _branch(content.get("Then")), _branch(content.get("Else")))
    return None


def _branch(value: Any) -> tuple[Element, ...] | None:
    if value is None:
        return ()
    return _each(value if isinstance(value, list) else [value])


def _each(values: list[Any]) -> tuple[Element, ...] | None:
    found = tuple(map(_read, values))
    return None if None in found else found


def _if_whole(kind: type, *parts: Any) -> Any:
    return None if None in parts else kind(*parts)
