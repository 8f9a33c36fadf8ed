"""The text of an environment's overlay after assignments: the smallest edit that gives each key its value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generators.edit.assignments import Assignment, node_of
from generators.edit.order import order
from generators.errors import GraftError, Refused
from generators.inventory import merge
from generators.inventory.edit import with_value, without_value
from generators.inventory.origin import sources
from generators.inventory.paths import KeyPath, format_path, lookup, match_path, parse_path
from generators.inventory.read import Node, Repository, find, plain
from generators.inventory.schema import json_schema
from generators.inventory.schemas import MERGED_SCHEMA
from generators.inventory.trace import Trace
from generators.model import Finding
from generators.suggestions import did_you_mean


@dataclass(frozen=True)
class Overlay:
    """The overlay of one environment, `text`, and what it is merged into as it stands."""

    repository: Repository
    merged: merge.Environment
    text: str

    @classmethod
    def of(cls, repository: Repository, merged: merge.Environment) -> Overlay:
        return cls(repository, merged, repository.text(merged.file))

    def path(self, key: str) -> KeyPath:
        """The path of a key as `graft explain` takes it; what is not there yet is taken as it is written."""
        known, rest = match_path(self.merged.parameters or {}, key)
        return (*known, *parse_path(rest)) if rest else known

    def value(self, path: KeyPath) -> Any:
        """What is merged at a path; KeyError where there is nothing."""
        return lookup(self.merged.parameters or {}, path)

    def written(self, path: KeyPath) -> Node | None:
        """What this file itself says at a path, with `~` or without."""
        node = self.merged.layers[-1].parameters
        for part in path:
            here = find(node, (part,)) or find(node, (f"~{part}",))
            if here is None:
                return None
            node = here
        return node

    def edited(self, assignments: Iterable[Assignment]) -> str:
        """The text after assignments; GraftError where one cannot be written."""
        text = self.text
        for each in assignments:
            path = ("parameters", *self.path(each.key))
            if each.value is None:
                self._require(each.key, path[1:])
                text = without_value(text, self.merged.file, path)
            else:
                replaces = each.replaces or self._is_list_over_list(path[1:], each.value)
                text = with_value(text, self.merged.file, path, each.value, replaces, self._order)
        return text

    def set(self, *values: tuple[KeyPath, Any]) -> str:
        """The text with a plain value at each path, None to take what is there out."""
        wanted = [Assignment(format_path(path), None if value is None else node_of(value)) for path, value in values]
        return self.edited(wanted)

    @cached_property
    def _order(self) -> Any:
        return order(self.merged, json_schema(self.repository, MERGED_SCHEMA))

    @cached_property
    def _below(self) -> Trace:
        """What the classes say."""
        return Trace(self.merged.layers[:-1], self.merged.parameters)

    def _is_list_over_list(self, path: KeyPath, value: Node) -> bool:
        """Whether a list would be appended to one of a class; below a key with `~` there is none."""
        if not isinstance(value.value, tuple) or any(isinstance(part, int) for part in path):
            return False
        under = [node for origin in self._below.origins(path) if origin.used for node in sources(origin)]
        own = self.merged.layers[-1].parameters
        cut = any(find(own, (*path[:at], f"~{part}")) for at, part in enumerate(path[:-1]))
        return not cut and any(isinstance(node.value, tuple) for node in under)

    def _require(self, key: str, path: KeyPath) -> None:
        if self.written(path) is not None:
            return
        used = [origin for origin in self.merged.trace.origins(path) if origin.used]
        if used:
            message = f"{self.merged.file} does not set {key}: {used[-1].node.entry_place} does"
            raise GraftError(message, f"edit it there, or give another value: graft set {self.merged.name} {key}=...")
        parent = self.written(path[:-1])
        known = [name.removeprefix("~") for name in plain(parent)] if parent and isinstance(parent.value, dict) else []
        fix = did_you_mean(str(path[-1]), known) or f"see what it sets: graft explain {self.merged.name}"
        raise GraftError(f"{self.merged.file} does not set {key}", fix)


def of(repository: Repository, environment: str) -> Overlay:
    """The overlay of an environment; GraftError, naming the nearest, where there is none.

    Refused where its files cannot be read or merged at all.
    """
    inventory = merge.load(repository)
    merged = inventory.environment(environment)
    if merged.parameters is None or not inventory.documents[merged.file].whole:
        files = {layer.file for layer in merged.layers}
        found: list[Finding] = [each for each in inventory.findings if each.place.file in files]
        raise Refused(found or inventory.findings, f"{merged.file} cannot be edited until this is mended")
    return Overlay.of(repository, merged)
