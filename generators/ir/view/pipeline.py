"""A compiled pipeline as a whole: its PipelineSpec and its PlatformSpec, one view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generators.ir.view.component import Component, Declared
from generators.ir.view.container import Container
from generators.ir.view.pod import Pod
from generators.ir.view.task import Task
from generators.ir.view.tree import NOTHING, Tree


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A PipelineSpec with its PlatformSpec; `executors` and `pods` are by executor label, as they are written."""

    spec: Tree
    components: Tree
    executors: Tree
    pods: Tree
    config: Tree  # the PipelineConfig for Kubernetes

    @classmethod
    def of(cls, spec: Tree, platform: Tree | None = None) -> Pipeline:
        """The pipeline of a PipelineSpec and, where there is one, its PlatformSpec."""
        kubernetes = kubernetes_of(platform)
        return cls(
            spec,
            spec.get("components", NOTHING),
            spec.get("deploymentSpec", NOTHING).get("executors", NOTHING),
            kubernetes.get("deploymentSpec", NOTHING).get("executors", NOTHING),
            kubernetes.get("pipelineConfig", NOTHING),
        )

    @property
    def name(self) -> str:
        return self.spec.get("pipelineInfo", NOTHING).get("name") or "pipeline"

    @property
    def info(self) -> Tree:
        """What is said of it for people: `displayName`, `description`."""
        return self.spec.get("pipelineInfo", NOTHING)

    @property
    def root(self) -> Component:
        return Component(self.spec["root"])

    @property
    def storage(self) -> str:
        """The URI below which it keeps its artifacts, "" where it does not say."""
        return self.spec.get("defaultPipelineRoot", "")

    def component(self, name: str) -> Component:
        return Component(self.components[name])

    def of_task(self, task: Task) -> Component:
        """The component that a task runs."""
        return Component(self.components[task.component])

    def executor(self, label: str) -> Tree:
        """An executor as it is written: a container, an importer, or what only Vertex AI has."""
        return self.executors.get(label, NOTHING)

    def container(self, label: str) -> Container | None:
        """The container of an executor, None where it runs none."""
        executor = self.executors.get(label, NOTHING)
        return Container(executor["container"]) if "container" in executor else None

    def pod(self, label: str) -> Pod:
        """What the PlatformSpec says of an executor's pod on Kubernetes."""
        return Pod(self.pods.get(label, NOTHING))

    @property
    def all_outputs(self) -> Iterator[Declared]:
        """The outputs of every component."""
        for tree in self.components.values():
            yield from Component(tree).all_outputs

    @property
    def deadline(self) -> int:
        """How many seconds the whole run may take, 0 for as long as it likes."""
        return int(self.config.get("activeDeadlineSeconds", 0))

    @property
    def has_workspace(self) -> bool:
        return "workspace" in self.config

    def walk(self, component: Component | None = None, prefix: str = "") -> Iterator[tuple[str, Task]]:
        """Every task below the root, or a component, by its path: its name and those of the groups around it."""
        for key, tree in (component or self.root).tasks.items():
            task = Task(key, tree)
            path = prefix.rstrip("/") if task.is_branching else prefix + task.name
            yield path, task
            yield from self.walk(self.of_task(task), f"{path}/" if path else "")


def kubernetes_of(platform: Tree | None) -> Tree:
    """What a PlatformSpec says for Kubernetes."""
    return (platform or NOTHING).get("platforms", NOTHING).get("kubernetes", NOTHING)
