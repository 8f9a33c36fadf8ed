"""One compilation: every template of a pipeline, from the entry inwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from generators.engines.argo import features
from generators.engines.argo.graph import known, loops, run_inputs
from generators.engines.argo.graph.dag import Dag
from generators.engines.argo.graph.dataflow import Scope, writes_text
from generators.engines.argo.graph.run_inputs import ENTRYPOINT, ROOT
from generators.engines.argo.task.task_template import Context, Leaf, retry_strategy
from generators.engines.argo.text import listed
from generators.engines.argo.text.listed import MOST
from generators.engines.argo.text.names import task_names, unique
from generators.inventory.paths import KeyPath
from generators.ir.view import Component, Loop, Pipeline, Source, Task
from generators.ir.view.absent import never_given
from generators.ir.view.task import BRANCHES
from generators.ir.view.tree import ARTIFACTS

_INSIDE = "put the component into a pipeline, and loop over that"
_IMPORT = "import it in the pipeline with dsl.importer"


@dataclass
class Compilation:
    """A sound pipeline in which every task has an executor of its own, and the templates made of it so far."""

    context: Context
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The WorkflowTemplate's spec: what a run may be given, and the templates, the entry first."""
        root = self.context.pipeline.root
        self._refuse_artifacts(root)
        self._refuse_features("", root)
        self.names = unique(_paths(self.context.pipeline, root, ""), [ENTRYPOINT, ROOT])
        self.templates[ENTRYPOINT] = run_inputs.entry(root)
        self._dag(root, "", ROOT, dict.fromkeys(never_given(root), False))
        templates = list(self.templates.values())
        return {"entrypoint": ENTRYPOINT, "arguments": run_inputs.arguments(root), "templates": templates}

    def path(self, template: str) -> str:
        """The path of the step, or the group, that a template was made of."""
        return next(
            (shown(path).removesuffix(f" {loops.EACH}") for path, name in self.names.items() if name == template), ""
        )

    def _refuse_artifacts(self, root: Component) -> None:
        for declared in root.all_inputs:
            if declared.is_artifact and not declared.is_optional:
                where = ("root", "inputDefinitions", ARTIFACTS, declared.name)
                said = declared.name, "a run takes this artifact", _IMPORT
                self.context.refusals.add("input-artifact", *said, field=where)

    def _dag(self, component: Component, path: str, name: str, present: Mapping[str, bool]) -> None:
        """The template of a DAG, then those of everything in it.

        `present` says of its inputs whether they have a value, where that is the same in every run.
        """
        certain = frozenset(each for each, has_value in present.items() if has_value)
        absent = frozenset(present) - certain
        scope = Scope(self.context.pipeline, component, task_names(component.tasks), absent, certain)
        paths = {key: _below(path, label) for key, label in scope.names.items()}
        self.templates[name] = {}  # its place is before what it contains
        extra = {key: self._task(scope, component.task(key), paths[key]) for key in component.tasks}
        templates = {key: self.names[paths[key]] for key in component.tasks}
        self.templates[name] = Dag(scope, shown(path), templates, extra, self.context).template(name)

    def _task(self, scope: Scope, task: Task, path: str) -> Mapping[str, Source]:
        """The templates of a task; returns the inputs that only the PlatformSpec asks for."""
        name, component, loop = self.names[path], scope.of(task), task.loop
        self._refuse_features(shown(path), component)
        if loop:
            name = self._loop(task, loop, component, path)
        if component.is_dag:
            self._dag(component, path, name, known.present(scope, task))
            if task.retry:
                refuse = partial(self._refuse, shown(path))
                self.templates[name]["retryStrategy"] = retry_strategy(task.retry, refuse)
            return {}
        leaf = Leaf(
            self.context, component, task, shown(path), known.present(scope, task), self._lengths(scope, task, path)
        )
        if loop and any(component.all_outputs) and writes_text(self.context.pipeline, component):
            leaf.refuse("loop", "a loop goes straight over a container component", _INSIDE)
        self.templates[name] = leaf.template(name)
        if loop and leaf.extra:
            leaf.refuse("platform", "a loop goes straight over a task whose pod another task decides", _INSIDE)
        return leaf.extra

    def _lengths(self, scope: Scope, task: Task, path: str) -> dict[str, int]:
        """How long the lists of artifacts are that a task takes; one that a template has no room for is refused."""
        found = known.lengths(scope, task)
        for name, length in found.items():
            if length > MOST:
                message = f"it takes {length} artifacts as {name}, and a template has room for {MOST}"
                self._refuse(shown(path), "size", message, "gather them in several steps, or pass them in one folder")
        component = scope.of(task)
        for declared in listed.lists(component, self.context.pipeline.container(component.executor)):
            if declared.name not in found:
                message = f"how many artifacts it takes as {declared.name} is known only when it runs; it fails on more"
                fix = f"loop over a list that is known, or keep it to {listed.USUAL}"
                self.context.refusals.warn("size", shown(path), f"{message} than {listed.USUAL}", fix)
        return {name: min(length, MOST) for name, length in found.items()}

    def _loop(self, task: Task, loop: Loop, component: Component, path: str) -> str:
        """The template around a loop; returns the name of the one that it repeats."""
        name, body = self.names[path], self.names[_each(path)]
        self.templates[name] = {"name": name}
        with self.context.refusals.at(shown(path)):
            container = self.context.pipeline.container(component.executor)
            self.templates[name] = loops.template(task, loop, component, container, self.context.store, name, body)
        return body

    def _refuse_features(self, path: str, component: Component) -> None:
        for reason, message, where in features.without_equivalent(component, self.context.pipeline):
            self.context.refusals.add(reason, path, message, field=where)

    def _refuse(self, path: str, reason: str, message: str, fix: str = "", aspect: KeyPath = ()) -> None:
        self.context.refusals.add(reason, path, message, fix, aspect)


def shown(path: str) -> str:
    """A path as a reader knows it: without the unnamed parents of the branches of one If / Elif / Else."""
    return "/".join(part for part in path.split("/") if not BRANCHES.fullmatch(part))


def _paths(pipeline: Pipeline, component: Component, path: str) -> Iterator[str]:
    for key, label in task_names(component.tasks).items():
        task, below = component.task(key), _below(path, label)
        yield below
        if task.is_loop:
            yield _each(below)
        yield from _paths(pipeline, pipeline.of_task(task), below)


def _each(path: str) -> str:
    """What stands for the repeated part of a loop among the paths; no task's own path has a space."""
    return f"{path} {loops.EACH}"


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
