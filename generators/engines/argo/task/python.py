"""A task whose container runs the KFP executor: the bootstrap in front of the unchanged command."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generators.engines.argo.text import listed, placeholders
from generators.engines.argo.text.artifacts import OUTPUTS, Store, raw
from generators.engines.argo.text.expressions import encoded, tag
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


def template(
    component: Component,
    container: Container,
    store: Store,
    key: str,
    lengths: Mapping[str, int],
    with_id: Collection[str],
) -> dict[str, Any]:
    """What Argo takes and gives, and the container; `key` is the expression of the cache key, "" without a cache.

    `lengths` says how many artifacts a list has where that is known, `with_id` which inputs hold the id of the task.
    """
    taken, made = list(component.all_inputs), list(component.all_outputs)
    artifacts = [each for each in taken if each.is_artifact]
    task = {
        "command": container.templates,
        "folder": OUTPUTS,
        "cacheKey": bool(key),
        "inputs": {
            "parameters": {each.name: _taken(each) for each in taken if not each.is_artifact},
            "artifacts": {each.name: _fetched_to(each, lengths) for each in artifacts},
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
            raw("graft-task", TASK, "\n".join([encoded(task), *_lines(taken, store, key, with_id)])),
            *(place for each in artifacts for place in _fetched(each, lengths, store)),
        ],
        "outputs": {
            "parameters": [{"name": parameter(each.name), "valueFrom": {"path": _file(each)}} for each in made],
            "artifacts": [_kept(each, store) for each in made if each.is_artifact],
        },
        "command": command(),
    }


def _taken(declared: Declared) -> dict[str, Any]:
    taken = {"type": declared.kind, "optional": declared.may_be_absent}
    taken |= {"literals": declared.literals} if declared.literals else {}
    return taken | ({"default": declared.default} if declared.default is not None else {})


def _fetched_to(declared: Declared, lengths: Mapping[str, int]) -> dict[str, Any]:
    """Where Argo puts an input artifact, or, in as many `places` below that, each of a list of them."""
    found = {"optional": declared.may_be_absent, "path": listed.folder(declared.name)}
    return found | ({"places": lengths.get(declared.name, listed.USUAL)} if declared.is_list else {})


def _lines(taken: list[Declared], store: Store, key: str, with_id: Collection[str]) -> list[str]:
    lines = [f"folder {store.base}{store.folder}"]
    for each in taken:
        value, word = own_input(each.name), "artifact" if each.is_artifact else "parameter"
        lines.append(f"{word}/{each.name} {tag(placeholders.with_task_id(value) if each.name in with_id else value)}")
    return [*lines, f"cache-key {tag(key)}"] if key else lines


def _fetched(declared: Declared, lengths: Mapping[str, int], store: Store) -> list[dict[str, Any]]:
    if declared.is_list:
        return [listed.place(declared.name, index, store) for index in range(lengths.get(declared.name, listed.USUAL))]
    reference = own_input(declared.name)
    whole = f"fromJSON({reference} == '' ? '[]' : {reference})"
    uri = f"(type({whole}) == 'array' ? get({whole}, 0)?.uri : {whole}.uri) ?? ''"
    return [store.input(parameter(declared.name), listed.folder(declared.name), uri)]


def _promised(declared: Declared) -> dict[str, Any]:
    return {"name": declared.name, "type": declared.type, "metadata": declared.metadata}


def _kept(declared: Declared, store: Store) -> dict[str, Any]:
    key = f"{store.folder}/{declared.name}"
    return store.output(parameter(declared.name), f"{store.mount}/{store.bucket}/{key}", key)


def _file(declared: Declared) -> str:
    return f"{OUTPUTS}/{parameter(declared.name)}"
