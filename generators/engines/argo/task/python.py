"""A task whose container runs the KFP executor: the bootstrap in front of the unchanged command."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from generators.engines.argo.text import listed, placeholders
from generators.engines.argo.text.artifacts import OUTPUTS, Store, raw, travelling
from generators.engines.argo.text.expressions import encoded, member, tag
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.values import own_input
from generators.ir.view import Component, Container, Declared

TASK = "/graft/task"
_SOURCE = Path(__file__).with_name("bootstrap.py")


@cache
def source() -> str:
    """The bootstrap as it stands in a manifest: without comments and docstrings, and with nothing that Argo reads."""
    text = _SOURCE.read_text("utf-8")
    dropped = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node) is not None:
            dropped.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = [line for number, line in enumerate(text.splitlines(), start=1) if number not in dropped]
    kept = "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("#")) + "\n"
    assert "{{" not in kept and "$(" not in kept and "$$" not in kept
    return kept


def command() -> list[str]:
    """What every such container starts with."""
    return ["python3", "-c", source(), TASK]


@dataclass(frozen=True)
class Told:
    """What a task's file says of it beside its component.

    cache_key  a digest of all that the task is but its inputs, "" without a cache
    extra      the inputs that only its pod has, and that change what is cached
    lengths    how many artifacts a list has, where that is known
    with_id    which inputs hold the id of the task
    """

    cache_key: str = ""
    extra: Collection[str] = ()
    lengths: Mapping[str, int] = field(default_factory=dict)
    with_id: Collection[str] = ()


def template(component: Component, container: Container, store: Store, told: Told) -> dict[str, Any]:
    """What Argo takes and gives, and the container."""
    taken, made = list(component.all_inputs), list(component.all_outputs)
    artifacts = [each for each in taken if each.is_artifact]
    task = {
        "command": container.templates,
        "folder": OUTPUTS,
        "cacheKey": told.cache_key,
        "inputs": {
            "parameters": {each.name: _taken(each) for each in taken if not each.is_artifact},
            "artifacts": {each.name: _fetched_to(each, told.lengths) for each in artifacts},
        },
        "outputs": {
            "parameters": {
                each.name: {"type": each.kind, "file": _file(each)} for each in made if not each.is_artifact
            },
            "artifacts": {
                each.name: {"artifact": _promised(each), "file": _file(each)} for each in made if each.is_artifact
            },
        },
    }
    return {
        "inputs": [
            raw("graft-task", TASK, "\n".join([encoded(task), *_lines(taken, store, told)])),
            *(place for each in artifacts for place in _fetched(each, told.lengths, store)),
        ],
        "outputs": {
            "parameters": [{"name": parameter(each.name), "valueFrom": {"path": _file(each)}} for each in made],
            "artifacts": [_kept(each, store) for each in made if each.is_artifact],
        },
        "command": command(),
    }


def _taken(declared: Declared) -> dict[str, Any]:
    taken = {"type": declared.kind} | ({"optional": True} if declared.may_be_absent else {})
    taken |= {"literals": declared.literals} if declared.literals else {}
    return taken | ({"default": declared.default} if declared.default is not None else {})


def _fetched_to(declared: Declared, lengths: Mapping[str, int]) -> dict[str, Any]:
    """Where Argo puts an input artifact, or, in as many `places` below that, each of a list of them."""
    found = {"path": listed.folder(declared.name)} | ({"optional": True} if declared.may_be_absent else {})
    return found | ({"places": lengths.get(declared.name, listed.USUAL)} if declared.is_list else {})


def _lines(taken: list[Declared], store: Store, told: Told) -> Iterator[str]:
    yield f"folder {store.base}{store.folder}"
    for each in taken:
        value, word = own_input(each.name), "artifact" if each.is_artifact else "parameter"
        yield f"{word}/{each.name} {tag(placeholders.with_task_id(value) if each.name in told.with_id else value)}"
    for name in told.extra:
        yield f"pod/{name} {tag(member('inputs.parameters', name))}"


def _fetched(declared: Declared, lengths: Mapping[str, int], store: Store) -> list[dict[str, Any]]:
    if declared.is_list:
        return [listed.place(declared.name, index, store) for index in range(lengths.get(declared.name, listed.USUAL))]
    uri = f"first({travelling(own_input(declared.name))})?.uri ?? ''"
    return [store.input(parameter(declared.name), listed.folder(declared.name), uri)]


def _promised(declared: Declared) -> dict[str, Any]:
    metadata = {"metadata": declared.metadata} if declared.metadata else {}
    return {"name": declared.name, "type": declared.type} | metadata


def _kept(declared: Declared, store: Store) -> dict[str, Any]:
    key = f"{store.folder}/{declared.name}"
    return store.output(parameter(declared.name), f"{store.mount}/{store.bucket}/{key}", key)


def _file(declared: Declared) -> str:
    return f"{OUTPUTS}/{parameter(declared.name)}"
