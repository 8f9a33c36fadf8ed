"""Each value of an environment with the line that set it, and those of several environments side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generators.credentials import name_among, without_credentials
from generators.inventory.explain import place_of
from generators.inventory.merge import Environment
from generators.inventory.paths import KeyPath, format_path
from generators.model import Place


@dataclass(frozen=True)
class Value:
    """A value as text, and where it was set; `own` says that it is the pipeline's own default."""

    text: str
    place: Place
    own: bool = False


@dataclass(frozen=True)
class Row:
    """A key with its value in each environment, None where there is none; `differs` where they are not all alike."""

    key: str
    cells: tuple[Value | None, ...]

    @property
    def differs(self) -> bool:
        return len({cell and cell.text for cell in self.cells}) > 1


@dataclass(frozen=True)
class Table:
    """Values of several environments, a row for each key that any of them has."""

    environments: tuple[str, ...]
    rows: tuple[Row, ...]


def table(found: Mapping[str, Mapping[str, Value]]) -> Table:
    """What is found of each environment, by key, as a table; keys stand in the order in which they are first met."""
    keys = dict.fromkeys(key for values in found.values() for key in values)
    rows = (Row(key, tuple(values.get(key) for values in found.values())) for key in keys)
    return Table(tuple(found), tuple(rows))


def values(environment: Environment, path: KeyPath, skipped: Sequence[str] = ()) -> dict[str, Value]:
    """The values below a path by their keys from there; keys of `skipped` directly below it are left out."""
    tree: Any = environment.parameters
    for part in path:
        tree = tree.get(part) if isinstance(tree, dict) else None
    if not isinstance(tree, dict):
        return {}
    leaves = _leaves({key: value for key, value in tree.items() if key not in skipped}, ())
    return {
        format_path(at): Value(shown(value, name_among(at)), place_of(environment, (*path, *at)))
        for at, value in leaves
    }


def shown(value: Any, name: str) -> str:
    """A value on one line, without credentials: a text as it is, everything else as JSON, which is YAML too."""
    value = without_credentials(value, name)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _leaves(tree: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value
