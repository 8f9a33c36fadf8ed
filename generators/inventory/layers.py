"""Puts the files of an environment in the order in which reclass merges them: its classes, then the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.read import Document, Node, replaced
from generators.model import Finding, Place
from generators.suggestions import did_you_mean, nearest


@dataclass(frozen=True)
class Layer:
    """One file's part in an environment: the `parameters` that a class, or the environment itself, sets."""

    name: str
    file: str
    parameters: Node


@dataclass(frozen=True)
class Layering:
    """The layers of an environment; `whole` is False where one is missing, so that values may seem to be missing."""

    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...]
    whole: bool


def with_value(layers: tuple[Layer, ...], at: int, path: KeyPath, value: Any) -> tuple[Layer, ...]:
    """The layers with another value at `path` (keys as written) of the layer number `at`."""
    layer = replace(layers[at], parameters=replaced(layers[at].parameters, path, value))
    return (*layers[:at], layer, *layers[at + 1 :])


def class_name(file: str) -> str:
    """The dotted name of a class's file below `base/`: `base/pipelines/x.yml` is `pipelines.x`."""
    parts = file.removesuffix(".yml").split("/")[1:]
    return ".".join(parts[:-1] if parts[-1] == "init" and parts[1:] else parts)


def class_of(pipeline: str) -> str:
    """The class that holds what is true of a pipeline everywhere."""
    return f"pipelines.{pipeline.replace('-', '_')}"


def layering(environment: Document, name: str, classes: Mapping[str, Document]) -> Layering:
    """The layers of one environment: each class once, after those that it lists itself (depth first)."""
    walk = _Walk(classes)
    walk.visit(environment, ())
    walk.add(name, environment)
    return Layering(tuple(walk.layers), tuple(walk.findings), walk.whole)


@dataclass
class _Walk:
    classes: Mapping[str, Document]
    layers: list[Layer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    whole: bool = True

    def visit(self, document: Document, chain: tuple[str, ...]) -> None:
        for node in self._listed(document):
            name = node.value if node.value in self.classes else self._meant(node)
            if name in chain:
                self._cycle(node, chain[chain.index(name) :])
            elif name is not None and name not in self.done:
                self.visit(self.classes[name], (*chain, name))
                self.done.add(name)
                self.add(name, self.classes[name])

    def add(self, name: str, document: Document) -> None:
        parameters = document.root.value.get("parameters", Node(None, document.root.place))
        if parameters.value is not None and not isinstance(parameters.value, dict):
            self._refuse("parameters", parameters.place, "parameters must be a mapping", "", "", "write `key: value`")
        if not isinstance(parameters.value, dict):
            parameters = Node({}, parameters.place)
        self.whole = self.whole and document.whole
        self.layers.append(Layer(name, document.file, parameters))

    def _listed(self, document: Document) -> tuple[Node, ...]:
        listed = document.root.value.get("classes")
        if listed is None or listed.value is None:
            return ()
        if isinstance(listed.value, tuple) and all(isinstance(node.value, str) for node in listed.value):
            return listed.value
        message = "classes must be a list of names of classes"
        self._refuse("classes", listed.entry_place, message, "", "", "write `classes: [defaults]`")
        self.whole = False
        return ()

    def _meant(self, node: Node) -> str | None:
        """Refuses an unknown class, and goes on with the one that was probably meant to find other problems."""
        name = str(node.value)
        near = nearest(name, self.classes)
        self.whole = self.whole and near is not None
        allowed = ", ".join(sorted(self.classes)) or "none: base/ holds no class"
        fix = did_you_mean(name, self.classes) or f"write base/{name.replace('.', '/')}.yml"
        self._refuse("unknown-class", node.place, f"class {name} does not exist", name, allowed, fix)
        return near

    def _cycle(self, node: Node, cycle: tuple[str, ...]) -> None:
        message = f"these classes list each other: {' -> '.join((*cycle, cycle[0]))}"
        self._refuse("class-cycle", node.place, message, str(node.value), "", "remove one of them from `classes:`")

    def _refuse(self, rule: str, place: Place, message: str, found: str, allowed: str, fix: str) -> None:
        path = rule if rule == "parameters" else "classes"
        self.findings.append(Finding("invalid", "schema", rule, place, path, message, found, allowed, fix))
