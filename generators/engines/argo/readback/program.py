"""Reads the program of a container: its command, and with the bootstrap what the KFP executor is given and leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.readback import expressions
from generators.engines.argo.readback.run import KEYS, Run
from generators.ir.normal_form.neutral import MISSING, OWN, Tree, canonical, declared

_BOOTSTRAP = ["python3", "-c"]


def program(template: Tree, variables: Mapping[str, str], inside: expressions.Inputs) -> Run:
    """What runs in a container."""
    command = template["container"].get("command") or [OWN]
    files = {entry["path"]: entry for entry in template.get("inputs", {}).get("artifacts", [])}
    told = files.get(command[-1], {}).get("raw") if command[:2] == _BOOTSTRAP else None
    if told:
        return _bootstrapped(template, told["data"], files)
    outputs = {entry["valueFrom"].get("path", ""): entry["name"] for entry in _listed(template, "parameters")}
    brought = {path: entry["name"] for path, entry in files.items() if _asks_for(entry, entry["name"])}
    left = {entry["name"] for entry in _listed(template, "artifacts")}
    kept = {entry["path"]: entry["name"] for entry in _listed(template, "artifacts") if _key(entry)}
    places = {path: f"the path of {name}" for path, name in (outputs | brought | kept).items()}
    whole = [*command, *template["container"].get("args", [])]
    ready = (expressions.expanded(argument, variables) for argument in whole)
    artifacts = {f"input {name}": "brought" for name in brought.values()}
    return Run(
        "container",
        # an artifact's metadata are written before the container runs, as one of its files
        outputs={name: OWN if name not in left or path in files else MISSING for path, name in outputs.items()},
        facts={
            "command": tuple(expressions.put_in(argument, inside, places) for argument in ready),
            "artifacts": artifacts | {f"output {name}": "kept" for name in kept.values()},
        },
    )


def _bootstrapped(template: Tree, data: str, files: Mapping[str, Tree]) -> Run:
    """A KFP component: the file of its task says what the executor is given, one line an input, and what it leaves."""
    first, *lines = data.split("\n")
    task = json.loads(first)
    called = dict(_called(lines))
    listed = {entry["valueFrom"].get("path", ""): entry["name"] for entry in _listed(template, "parameters")}
    given = {called[name]: spec for name, spec in task["inputs"]["parameters"].items() if name in called}
    made = task["outputs"]["parameters"]
    written = {spec["file"] for spec in (*made.values(), *task["outputs"]["artifacts"].values())}
    return Run(
        "container",
        delivered=set(called.values()),
        outputs={name: OWN if path in written else MISSING for path, name in listed.items()},
        types={f"input {name}": spec["type"] for name, spec in given.items()}
        | {f"output {listed[spec['file']]}": spec["type"] for spec in made.values() if spec["file"] in listed},
        stated={name: _stated(spec) for name, spec in given.items()},
        facts={
            "command": tuple(task["command"]),
            "artifacts": dict([*_brought(task, called, files), *_kept(task, listed, template)]),
        },
    )


def _called(lines: list[str]) -> Iterator[tuple[str, str]]:
    """An input's own name, and the input of the template that its value is."""
    for line in lines:
        kind, _, rest = line.partition("/")
        name, _, value = rest.partition(" ")
        inputs = expressions.asked(value)
        if kind in ("parameter", "artifact") and len(inputs) == 1:
            yield name, inputs.pop()


def _brought(task: Tree, called: Mapping[str, str], files: Mapping[str, Tree]) -> Iterator[tuple[str, str]]:
    """An artifact is brought where Argo puts it wherever the executor looks for one: of a list each in its turn."""
    for name, spec in task["inputs"]["artifacts"].items():
        paths = [f"{spec['path']}/{index}" for index in range(spec["places"])] if "places" in spec else [spec["path"]]
        asked = f"{KEYS}{called[name]}" if name in called and "places" in spec else called.get(name)
        in_turn = "places" not in spec or all(
            f", {index})" in _key(files.get(path, {})) for index, path in enumerate(paths)
        )
        if asked and in_turn and all(_asks_for(files.get(path, {}), asked) for path in paths):
            yield f"input {called[name]}", "brought"


def _kept(task: Tree, listed: Mapping[str, str], template: Tree) -> Iterator[tuple[str, str]]:
    """An artifact is kept where Argo takes it from the place that the executor derives from the same key."""
    keys = {entry["name"]: (entry["path"], _key(entry)) for entry in _listed(template, "artifacts")}
    for spec in task["outputs"]["artifacts"].values():
        name = listed.get(spec["file"], "")
        path, key = keys.get(name, ("", ""))
        if key and path.endswith(f"/{key}"):
            yield f"output {name}", "kept"


def _asks_for(artifact: Tree, name: str) -> bool:
    """Whether what Argo fetches is what the input `name` speaks of."""
    return expressions.asked(_key(artifact)) == {name}


def _key(artifact: Tree) -> str:
    """The key in the cluster's artifact repository."""
    return next((artifact[kind].get("key", "") for kind in ("s3", "gcs") if kind in artifact), "")


def _listed(template: Tree, group: str) -> list[Any]:
    """What Argo takes from the container."""
    return template.get("outputs", {}).get(group, [])


def _stated(spec: Tree) -> str:
    return declared(canonical(spec["default"]) if "default" in spec else None, spec.get("optional", False))
