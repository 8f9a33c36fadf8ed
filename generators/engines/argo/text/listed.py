"""Lists of artifacts: one input holds the keys of all, so that each place of a template takes few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.text.artifacts import INPUTS, NOTHING, Store, travelling
from generators.engines.argo.text.expressions import from_any, member, tag
from generators.engines.argo.text.names import OWN, parameter
from generators.engines.argo.text.values import Value
from generators.ir.view import Component, Container, Declared
from generators.output.emit import OneLine

USUAL = 32  # places for a list whose length is known only when it runs
MOST = 1000  # places that a template has room for


def lists(component: Component, container: Container | None) -> Iterator[Declared]:
    """The inputs whose artifacts are fetched by their keys: the lists that a Python component takes."""
    if container and container.runs_kfp:
        yield from (each for each in component.all_inputs if each.is_list)


def keys_input(name: str) -> str:
    """The input of the template that holds the keys of a list."""
    return f"{OWN}keys-{parameter(name)}"


def inputs(component: Component, container: Container | None) -> list[dict[str, str]]:
    """What a template takes beside what its component declares."""
    return [{"name": keys_input(each.name), "default": "[]"} for each in lists(component, container)]


def arguments(
    component: Component, container: Container | None, given: Mapping[str, Value], store: Store
) -> Iterator[dict[str, str]]:
    """What a task is handed for them."""
    for each in lists(component, container):
        if each.name in given:
            yield {"name": keys_input(each.name), "value": tag(_keys(given[each.name].expression, store))}


def folder(name: str) -> str:
    """Where the artifacts of a list are fetched to, each under its number."""
    return f"{INPUTS}/{parameter(name)}"


def place(name: str, index: int, store: Store) -> dict[str, Any]:
    """One artifact of a list as Argo takes it; beyond the end of the list there is none."""
    key = f"get(fromJSON({member('inputs.parameters', keys_input(name))}), {index}) ?? '{NOTHING}'"
    return _on_one_line(store.fetched(f"{OWN}{parameter(name)}-{index}", f"{folder(name)}/{index}", key))


def _on_one_line(tree: dict[str, Any]) -> OneLine:
    return OneLine({key: _on_one_line(part) if isinstance(part, dict) else part for key, part in tree.items()})


def _keys(reference: str, store: Store) -> str:
    """The JSON that travels for the keys of artifacts, whose own JSON `reference` gives."""
    key = store.key("#?.uri ?? ''")
    return from_any(f"map({travelling(reference)}, {key})")
