"""A task whose container runs the KFP executor: the bootstrap in front of the unchanged command."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generators.engines.argo.graph.dataflow import ARTIFACTS, PARAMETERS, is_optional
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.artifacts import INPUTS, MOST_LISTED, OUTPUTS, Store, raw
from generators.engines.argo.text.expressions import encoded, member, tag
from generators.engines.argo.text.names import parameter
from generators.ir.values import integers, kind_of

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
    component: Mapping[str, Any],
    container: Mapping[str, Any],
    store: Store,
    key: str,
    listed: Mapping[str, int],
    with_id: Collection[str],
) -> dict[str, Any]:
    """What Argo takes and gives, and the container; `key` is the expression of the cache key, "" without a cache.

    `listed` says how many artifacts a list has where that is known, `with_id` which inputs hold the id of the task.
    """
    inputs, outputs = component.get("inputDefinitions", {}), component.get("outputDefinitions", {})
    places = {name: _places(name, spec, listed) for name, spec in inputs.get(ARTIFACTS, {}).items()}
    task = {
        "command": [*container["command"], *container.get("args", [])],
        "folder": OUTPUTS,
        "cacheKey": bool(key),
        "inputs": {
            "parameters": {name: _taken(spec) for name, spec in inputs.get(PARAMETERS, {}).items()},
            "artifacts": {
                name: {"optional": is_optional(spec), "paths": places[name]}
                for name, spec in inputs.get(ARTIFACTS, {}).items()
            },
        },
        "outputs": {
            "parameters": {
                name: {"type": kind_of(spec), "file": _file(name)} for name, spec in outputs.get(PARAMETERS, {}).items()
            },
            "artifacts": {
                name: {"artifact": _promised(name, spec), "file": _file(name)}
                for name, spec in outputs.get(ARTIFACTS, {}).items()
            },
        },
    }
    return {
        "inputs": [
            raw("graft-task", TASK, "\n".join([encoded(task), *_lines(inputs, store, key, with_id)])),
            *_fetched(inputs, places, store),
        ],
        "outputs": {
            "parameters": [
                {"name": parameter(name), "valueFrom": {"path": _file(name)}}
                for group in (PARAMETERS, ARTIFACTS)
                for name in outputs.get(group, {})
            ],
            "artifacts": [_made(name, store) for name in outputs.get(ARTIFACTS, {})],
        },
        "command": command(),
    }


def _taken(spec: Mapping[str, Any]) -> dict[str, Any]:
    taken = {"type": kind_of(spec), "optional": is_optional(spec)}
    taken |= {"literals": integers(spec["literals"])} if spec.get("literals") else {}
    return taken | ({"default": integers(spec["defaultValue"])} if spec.get("defaultValue") is not None else {})


def _places(name: str, spec: Mapping[str, Any], listed: Mapping[str, int]) -> list[str]:
    """Where Argo puts an input artifact, or each of a list of them."""
    if not spec.get("isArtifactList"):
        return [f"{INPUTS}/{parameter(name)}"]
    return [f"{INPUTS}/{parameter(name)}/{index}" for index in range(listed.get(name, MOST_LISTED))]


def _lines(inputs: Mapping[str, Any], store: Store, key: str, with_id: Collection[str]) -> list[str]:
    lines = [f"folder {store.base}{store.folder}"]
    for word, group in (("parameter", PARAMETERS), ("artifact", ARTIFACTS)):
        for name in inputs.get(group, {}):
            value = member("inputs.parameters", parameter(name))
            lines.append(f"{word}/{name} {tag(placeholders.with_task_id(value) if name in with_id else value)}")
    return [*lines, f"cache-key {tag(key)}"] if key else lines


def _fetched(inputs: Mapping[str, Any], places: Mapping[str, list[str]], store: Store) -> list[dict[str, Any]]:
    found = []
    for name, paths in places.items():
        reference = member("inputs.parameters", parameter(name))
        for index, path in enumerate(paths):
            whole = f"fromJSON({reference} == '' ? '[]' : {reference})"
            uri = f"(type({whole}) == 'array' ? get({whole}, {index})?.uri : {whole}.uri) ?? ''"
            found.append(store.input(f"{parameter(name)}-{index}" if len(paths) > 1 else parameter(name), path, uri))
    return found


def _promised(name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": spec.get("artifactType", {}), "metadata": integers(spec.get("metadata", {}))}


def _made(name: str, store: Store) -> dict[str, Any]:
    key = f"{store.folder}/{name}"
    return store.output(parameter(name), f"{store.mount}/{store.bucket}/{key}", key)


def _file(name: str) -> str:
    return f"{OUTPUTS}/{parameter(name)}"
