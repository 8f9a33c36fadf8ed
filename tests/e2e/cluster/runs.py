"""Workflows run by the real controller, a bounded number at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cluster import node, outcome
from cluster.apiserver import ApiServer
from cluster.outcome import Ended
from cluster.process import Process, wait_until
from cluster.workflows import PIPELINES

AT_ONCE = 12  # more would only wait for each other on two cores
STALLED = 600.0  # seconds without a sign of life after which nothing more is expected of the cluster
OVER = ("Succeeded", "Failed", "Error")
IN_NAMESPACE = f"--namespace={PIPELINES}"
API_VERSION, PROBE = "argoproj.io/v1alpha1", {"generateName": "probe-"}


@dataclass
class Runs:
    """Workflows that wait, run and are over, by the name that the tests know them by."""

    server: ApiServer
    controller: Process
    watch: Process
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    running: dict[str, str] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)

    def define(self, objects: Iterable[Mapping[str, Any]]) -> None:
        """Apply templates and what they need, and wait until the controller has seen them all.

        It learns of templates in the order in which they came, and a workflow whose template it has not seen yet ends
        in error: so one that needs the last of them is started until it ends well.
        """
        self.server.apply(objects, IN_NAMESPACE)
        [template] = self._create([probe_template()])
        wait_until(lambda: self._sees(template), "the controller to see the last template", self._processes)

    def submit(self, key: str, workflow: dict[str, Any], next_one: bool = False) -> None:
        """Have a workflow started as soon as there is room, before the others where it is the `next_one`."""
        self.waiting = {key: workflow, **self.waiting} if next_one else {**self.waiting, key: workflow}

    def ended(self, key: str) -> Ended:
        """How the workflow ended that was submitted as `key`, however long that takes while anything goes on."""
        wait_until(lambda: self._is_over(key), f"{key} to end", self._processes, STALLED, progress=self._progress)
        workflow = self.server.kubectl("get", "workflow", self.over[key], IN_NAMESPACE, "--output=json")
        return outcome.of(json.loads(workflow))

    def _is_over(self, key: str) -> bool:
        """See what is over, start as many more as there is room for, and say whether `key` is over."""
        phases = self._phases()
        for name in [name for name, workflow in self.running.items() if workflow in phases]:
            self.over[name] = self.running.pop(name)
        keys = list(self.waiting)[: AT_ONCE - len(self.running)]
        if keys:
            self.running |= zip(keys, self._create([self.waiting.pop(key) for key in keys]), strict=True)
        return key in self.over

    def _create(self, objects: list[dict[str, Any]]) -> list[str]:
        """The names of the objects created."""
        return [name.rpartition("/")[2] for name in self.server.create(objects, IN_NAMESPACE)]

    def _phases(self) -> dict[str, str]:
        """The phase of each workflow that is over, as the watch has told so far."""
        rows = [line.split() for line in self.watch.log.read_text("utf-8").splitlines()]
        return {row[0]: row[1] for row in rows if len(row) > 1 and row[1] in OVER}

    def _progress(self) -> tuple[int, int]:
        """How much the workflows have told of themselves, and how much the steps have printed, in bytes."""
        found = os.walk(node.logs(self.server.sandbox))  # which passes over the folder of a pod that has just gone
        printed = sum(_size(Path(folder, file)) for folder, _, files in found for file in files)
        return self.watch.log.stat().st_size, printed

    def _sees(self, template: str) -> bool:
        [name] = self._create([probe(template)])
        return wait_until(lambda: self._phases().get(name), "the probe to end", self._processes) == "Succeeded"

    @property
    def _processes(self) -> tuple[Process, Process]:
        return self.controller, self.watch


def _size(file: Path) -> int:
    with suppress(FileNotFoundError):  # the log of a pod that was just removed
        return file.stat().st_size
    return 0


def watched(server: ApiServer, controller: Process) -> Runs:
    """Runs, and a watch that tells of each change in one line: it costs less than to ask again and again."""
    watch = server.start_kubectl("watch", "get", "workflows", IN_NAMESPACE, "--no-headers", "--watch")
    return Runs(server, controller, watch)


def probe_template() -> dict[str, Any]:
    """A template that needs no pod."""
    spec = {"entrypoint": "main", "templates": [{"name": "main", "suspend": {"duration": "0"}}]}
    return {"apiVersion": API_VERSION, "kind": "WorkflowTemplate", "metadata": PROBE, "spec": spec}


def probe(template: str) -> dict[str, Any]:
    """A workflow from that template."""
    spec = {"workflowTemplateRef": {"name": template}}
    return {"apiVersion": API_VERSION, "kind": "Workflow", "metadata": PROBE, "spec": spec}
