"""One compilation: every template of a pipeline, from the entry inwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from generators.engines.argo.graph import loops
from generators.engines.argo.graph.dag import Dag, inputs, task_names
from generators.engines.argo.graph.dataflow import ARTIFACTS, PARAMETERS, Scope, is_loop, is_optional, writes_text
from generators.engines.argo.task.task_template import Context, Leaf, retry_strategy
from generators.engines.argo.text.artifacts import MOST_LISTED
from generators.engines.argo.text.expressions import ABSENT, encoded, from_raw, from_text, hidden, literal, member, tag
from generators.engines.argo.text.names import parameter, unique
from generators.errors import GraftError
from generators.ir.steps import BRANCHES
from generators.ir.values import kind_of, strict_json

ENTRYPOINT = "main"
ROOT = "pipeline"
_JSON_STRING = r'^"([^"\\\x00-\x1f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"$'
_INSIDE = "put the component into a pipeline, and loop over that"
_IMPORT = "import it in the pipeline with dsl.importer"


@dataclass
class Compilation:
    """A pipeline in which every task has an executor of its own, and the templates made of it so far."""

    context: Context
    spec: Mapping[str, Any]
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The WorkflowTemplate's spec: what a run may be given, and the templates, the entry first."""
        root = self.spec["root"]
        for name, spec in root.get("inputDefinitions", {}).get(ARTIFACTS, {}).items():
            if not spec.get("isOptional"):
                self.context.refusals.add("input-artifact", name, "a run takes this artifact", _IMPORT)
        self.names = unique(_paths(self.spec, root, ""), [ENTRYPOINT, ROOT])
        self.templates[ENTRYPOINT] = _entry(root)
        self._dag(root, "", ROOT)
        arguments = {name: part for name, part in _arguments(root).items() if part}
        return {"entrypoint": ENTRYPOINT, "arguments": arguments, "templates": list(self.templates.values())}

    def _dag(self, component: Mapping[str, Any], path: str, name: str) -> None:
        """The template of a DAG, then those of everything in it."""
        tasks = component["dag"]["tasks"]
        paths = {key: _below(path, label) for key, label in task_names(tasks).items()}
        self.templates[name] = {}  # its place is before what it contains
        extra = {key: self._task(component, key, paths[key]) for key in tasks}
        below = {key: self.names[paths[key]] for key in tasks}
        self.templates[name] = Dag(self.spec, component, shown(path), below, extra, self.context.refusals).template(
            name
        )

    def _task(self, parent: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
        """The templates of a task; returns the inputs that only the PlatformSpec asks for."""
        task = parent["dag"]["tasks"][key]
        name, component = self.names[path], self.spec["components"][task["componentRef"]["name"]]
        if is_loop(task):
            name = self._loop(task, component, path)
        if "dag" in component:
            self._dag(component, path, name)
            if task.get("retryPolicy", {}).get("maxRetryCount"):
                self.templates[name]["retryStrategy"] = retry_strategy(task["retryPolicy"], self._refusing(path))
            return {}
        scope = Scope(self.spec, parent, task_names(parent["dag"]["tasks"]))
        leaf = Leaf(self.context, component, task, key, shown(path), _present(scope, task), _listed(scope, task))
        if is_loop(task) and component.get("outputDefinitions") and writes_text(self.spec, component):
            leaf.refuse("loop", "a loop goes straight over a container component", _INSIDE)
        self.templates[name] = leaf.template(name)
        if is_loop(task) and leaf.extra:
            leaf.refuse("platform", "a loop goes straight over a task whose pod another task decides", _INSIDE)
        return leaf.extra

    def _loop(self, task: Mapping[str, Any], component: Mapping[str, Any], path: str) -> str:
        """The template around a loop; returns the name of the one that it repeats."""
        name, body = self.names[path], self.names[_each(path)]
        try:
            self.templates[name] = loops.template(task, component, name, body)
        except GraftError as error:
            self.context.refusals.take(shown(path), error, "graph")
        return body

    def _refusing(self, path: str) -> Callable[..., None]:
        def refuse(reason: str, message: str, fix: str = "") -> None:
            self.context.refusals.add(reason, shown(path), message, fix)

        return refuse


def shown(path: str) -> str:
    """A path as a reader knows it: without the unnamed parents of the branches of one If / Elif / Else."""
    return "/".join(part for part in path.split("/") if not BRANCHES.fullmatch(part))


def _paths(spec: Mapping[str, Any], component: Mapping[str, Any], path: str) -> Iterator[str]:
    tasks = component["dag"]["tasks"]
    for key, label in task_names(tasks).items():
        yield _below(path, label)
        if is_loop(tasks[key]):
            yield _each(_below(path, label))
        inner = spec["components"][tasks[key]["componentRef"]["name"]]
        if "dag" in inner:
            yield from _paths(spec, inner, _below(path, label))


def _each(path: str) -> str:
    """What stands for the repeated part of a loop among the paths; no task's own path has a space."""
    return f"{path} {loops.EACH}"


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _arguments(root: Mapping[str, Any]) -> dict[str, Any]:
    """What a run may be given; a parameter without a value must be given when it starts."""
    declared = root.get("inputDefinitions", {}).get(PARAMETERS, {})
    found = []
    for entry, spec in zip(inputs(root).get("parameters", []), declared.values(), strict=False):
        argument = {"name": entry["name"]} | ({"value": entry["default"]} if "default" in entry else {})
        if allowed := _allowed(spec):
            argument["enum"] = allowed
        if spec.get("description"):
            argument["description"] = spec["description"]
        found.append(argument)
    return {"parameters": found}


def _allowed(spec: Mapping[str, Any]) -> list[str]:
    """The values that a run may give a parameter: a string as it is, or as JSON."""
    literals = spec.get("literals", [])
    plain = [value for value in literals if isinstance(value, str)]
    return [*plain, *(encoded(value, kind_of(spec)) for value in literals)]


def _entry(root: Mapping[str, Any]) -> dict[str, Any]:
    """The entry: hands the run's parameters to the pipeline as they travel inside it."""
    found = [
        {"name": parameter(name), "value": tag(_handed(name, spec))}
        for name, spec in root.get("inputDefinitions", {}).get(PARAMETERS, {}).items()
    ]
    task = {"name": ROOT, "template": ROOT} | ({"arguments": {"parameters": found}} if found else {})
    return {"name": ENTRYPOINT, "dag": {"tasks": [task]}}


def _handed(name: str, spec: Mapping[str, Any]) -> str:
    """What a run was given. A person may write a string as it is; a JSON string is read as one."""
    given, kind = member("workflow.parameters", parameter(name)), kind_of(spec)
    if kind in ("STRING", ""):
        ready = f"({given} matches {literal(_JSON_STRING)} ? {hidden(given)} : {from_text(given)})"
    else:
        ready = from_raw(given, kind, f"the parameter {name}")
    return f"({given} == {ABSENT} ? {ABSENT} : {ready})" if is_optional(spec) else ready


def _present(scope: Scope, task: Mapping[str, Any]) -> dict[str, bool]:
    """Which inputs of a task have a value; one that may or may not have one when it runs is left out."""
    try:
        given = scope.given(task)
    except GraftError:  # told where the DAG is made
        given = {}
    declared = scope.of(task).get("inputDefinitions", {})
    found = {}
    for group in (PARAMETERS, ARTIFACTS):
        for name, spec in declared.get(group, {}).items():
            if spec.get("defaultValue") is not None or name not in given:
                found[name] = name in given or spec.get("defaultValue") is not None
            elif not given[name].maybe:
                found[name] = True
    return found


def _listed(scope: Scope, task: Mapping[str, Any]) -> dict[str, int]:
    """How many places each list of artifacts needs, where that is known of the loop that makes them."""
    found = {}
    for name, source in task.get("inputs", {}).get(ARTIFACTS, {}).items():
        origin = source.get("taskOutputArtifact", {})
        loop = scope.tasks.get(origin.get("producerTask"), {})
        items = loop.get("parameterIterator", {}).get("items", {})
        if not items or _loops_inside(scope, origin):
            continue
        if "raw" in items:
            with suppress(ValueError):  # told where the loop is made
                found[name] = len(strict_json(items["raw"]))
        else:
            found[name] = max(MOST_LISTED, _usual_length(scope, loop, items["inputParameter"]))
    return found


def _usual_length(scope: Scope, loop: Mapping[str, Any], name: str) -> int:
    """How long the list is that a loop goes over where a run does not say otherwise, 0 where that is not known."""
    source = loop.get("inputs", {}).get(PARAMETERS, {}).get(name, {}).get("componentInputParameter", "")
    declared = scope.component.get("inputDefinitions", {}).get(PARAMETERS, {}).get(source, {})
    return len(declared.get("defaultValue") or ())


def _loops_inside(scope: Scope, origin: Mapping[str, Any]) -> bool:
    """Whether an iteration of the producing loop gives a list itself."""
    component = scope.of(scope.tasks[origin["producerTask"]])
    spec = component.get("outputDefinitions", {}).get(ARTIFACTS, {}).get(origin["outputArtifactKey"], {})
    tasks = component.get("dag", {}).get("tasks", {})
    return any(is_loop(task) for task in tasks.values()) or bool(spec.get("isArtifactList") and "dag" not in component)
