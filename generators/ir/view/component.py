"""A component: what it takes, what it gives, and the DAG or the executor that does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generators.ir.values import kind_of
from generators.ir.view.task import Task
from generators.ir.view.tree import ARTIFACTS, NOTHING, PARAMETERS, Tree


class Declared(NamedTuple):
    """An input or an output as its component declares it: a parameter, or an artifact."""

    name: str
    group: str
    tree: Tree

    @property
    def is_artifact(self) -> bool:
        return self.group == ARTIFACTS

    @property
    def kind(self) -> str:
        """The parameter's type, "" where it has none."""
        return kind_of(self.tree)

    @property
    def default(self) -> Any:
        """The default, None where there is none."""
        return self.tree.get("defaultValue")

    @property
    def is_optional(self) -> bool:
        """Whether it may go without a value, a default being one."""
        return bool(self.tree.get("isOptional"))

    @property
    def may_be_absent(self) -> bool:
        """Whether it may have no value at all, not even a default."""
        return is_optional(self.tree)

    @property
    def is_required(self) -> bool:
        """Whether a task must be given it."""
        return self.default is None and not self.is_optional

    @property
    def literals(self) -> list[Any]:
        """The values that it may have, none where it may have any."""
        return self.tree.get("literals", [])

    @property
    def is_list(self) -> bool:
        """Whether it is a list of artifacts."""
        return bool(self.tree.get("isArtifactList"))

    @property
    def type(self) -> Tree:
        """The artifact's ArtifactTypeSchema."""
        return self.tree.get("artifactType", NOTHING)

    @property
    def metadata(self) -> Tree:
        """The metadata that an output artifact begins with."""
        return self.tree.get("metadata", NOTHING)

    @property
    def description(self) -> str:
        return self.tree.get("description", "")


class Component(NamedTuple):
    """One component; `inputs` and `outputs` are read by group (parameters or artifacts) as they are written."""

    tree: Tree

    @property
    def executor(self) -> str:
        """The label of its executor, "" where it is a DAG."""
        return self.tree.get("executorLabel", "")

    @property
    def is_dag(self) -> bool:
        return "dag" in self.tree

    @property
    def tasks(self) -> Mapping[str, Tree]:
        """The tasks of its DAG by key, as they are written; none where it has an executor."""
        return self.tree.get("dag", NOTHING).get("tasks", NOTHING)

    def task(self, key: str) -> Task:
        """A task of its DAG."""
        return Task(key, self.tasks[key])

    def inputs(self, group: str) -> Tree:
        return self.tree.get("inputDefinitions", NOTHING).get(group, NOTHING)

    def outputs(self, group: str) -> Tree:
        return self.tree.get("outputDefinitions", NOTHING).get(group, NOTHING)

    @property
    def all_inputs(self) -> Iterator[Declared]:
        """Everything that it takes, the parameters first."""
        for group in (PARAMETERS, ARTIFACTS):
            for name, tree in self.inputs(group).items():
                yield Declared(name, group, tree)

    @property
    def all_outputs(self) -> Iterator[Declared]:
        """Everything that it gives, the parameters first."""
        for group in (PARAMETERS, ARTIFACTS):
            for name, tree in self.outputs(group).items():
                yield Declared(name, group, tree)

    @property
    def given(self) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """(group, output, [(task, its output)]) of each output of its DAG; several where one of several gives it."""
        outputs = self.tree.get("dag", NOTHING).get("outputs", NOTHING)
        for name, source in outputs.get(PARAMETERS, NOTHING).items():
            chosen = source.get("valueFromOneof", NOTHING).get("parameterSelectors") or [source["valueFromParameter"]]
            yield PARAMETERS, name, [(item["producerSubtask"], item["outputParameterKey"]) for item in chosen]
        for name, source in outputs.get(ARTIFACTS, NOTHING).items():
            chosen = source["artifactSelectors"]
            yield ARTIFACTS, name, [(item["producerSubtask"], item["outputArtifactKey"]) for item in chosen]


def is_optional(spec: Tree) -> bool:
    """Whether a declared input may have no value at all, not even a default."""
    return bool(spec.get("isOptional")) and spec.get("defaultValue") is None
