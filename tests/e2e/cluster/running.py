"""The words of the tests of runs: what is merged, what it starts, and what is recorded of it.

`Running` is the one pipeline `greet` of one environment on one cluster; a test merges contents of its own, so that each
may stand alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from cluster import applications, audit, forge, plan, scenario, workflows
from cluster.apiserver import ApiServer
from cluster.applications import NotYet
from cluster.process import Process, wait_until
from cluster.scenario import LOOK, Scenario, Then, When

ENVIRONMENT = "environments/staging.yml"
CLUSTER, APPLICATION, NAMESPACE, PIPELINE = "staging-node", "staging-node-greet", workflows.PIPELINES, "greet"
FOLDER = f"staging/node/{PIPELINE}"
OPERATIONS = "graft-operations"
PATIENCE = 240.0  # seconds; a busy machine takes a minute for what an idle one does in five
QUIET = 8.0  # seconds in which whatever was to start a run would have


@dataclass
class Running:
    """What is delivered and runs; `watch` tells of every Workflow that there ever was."""

    scenario: Scenario
    controller: Path
    engine: Process
    watch: Process

    @property
    def server(self) -> ApiServer:
        """The cluster."""
        return self.scenario.cluster(CLUSTER)

    @property
    def when(self) -> When:
        """What is done by hand, and by Git alone."""
        return When(self.scenario)

    @property
    def then(self) -> Then:
        """What comes of it, as Argo CD tells."""
        return Then(self.scenario)

    @property
    def seconds(self) -> float:
        """How long ago something was done last."""
        return time.monotonic() - self.scenario.acted

    def merged(self, message: str, **greet: Any) -> str:
        """Merge that the environment says this of the pipeline, and no more; the version that is current then."""
        file = self.scenario.repository / ENVIRONMENT
        content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
        content["parameters"]["pipelines"] = {PIPELINE: {"track": "head", **greet}}
        file.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
        scenario.render(self.scenario.repository)
        self.scenario.commit(message)
        return self.version

    @property
    def version(self) -> str:
        """The version that Git says is current."""
        return self._rendered("WorkflowTemplate")

    @property
    def job(self) -> str:
        """The Job that starts a run of it."""
        return self._rendered("Job")

    def _rendered(self, kind: str) -> str:
        items = plan.objects((self.scenario.rendered / FOLDER).glob("*.yaml"))
        [name] = [item["metadata"]["name"] for item in items if item["kind"] == kind]
        return name

    def kubectl(self, *arguments: str) -> str:
        """What kubectl prints in the namespace."""
        return self.server.kubectl(*arguments, f"--namespace={NAMESPACE}")

    def objects(self, kind: str, *options: str) -> list[dict[str, Any]]:
        """All objects of a kind."""
        return json.loads(self.kubectl("get", kind, "--output=json", *options))["items"]

    def names(self, kind: str, *options: str) -> set[str]:
        """Their names."""
        return {item["metadata"]["name"] for item in self.objects(kind, *options)}

    def records(self, version: str) -> dict[str, dict[str, str]]:
        """The records of a version's runs, by the name of the run."""
        items = self.objects("configmaps", f"--selector=graft.dev/record=run,graft.dev/version={version}")
        return {item["data"]["run"]: item["data"] for item in items}

    def started(self, version: str) -> dict[str, str]:
        """All Workflows that there ever were of a version: name by UID."""
        rows = (line.split() for line in self.watch.log.read_text("utf-8").splitlines())
        return {row[0]: row[1] for row in rows if len(row) > 2 and row[2] == version}

    def ended(self, version: str, within: float = PATIENCE) -> dict[str, str]:
        """The record of the run that the merge of a version has started, once that is over."""

        def is_over() -> dict[str, str]:
            record = self.records(version).get(version, {})
            if "finished" not in record:
                raise NotYet(f"its record is {record or 'not there'}, of Workflows {self.started(version)}")
            return record

        return self.wait(is_over, f"{version} to end", within)

    def healthy(self, health: str = "Healthy", within: float = PATIENCE) -> applications.Application:
        """The Application, once it is synced to the head and as healthy as that."""

        def is_told() -> applications.Application:
            found = applications.read(self.scenario.delivery.home)[APPLICATION]
            if not found.is_at(self.scenario.head) or found.health != health:
                raise NotYet(f"{found}\nJobs: {self.kubectl('get', 'jobs')}")
            return found

        return self.wait(is_told, f"{APPLICATION} to be {health}", within)

    def finished(self, job: str, condition: str = "Complete", within: float = PATIENCE) -> None:
        """Wait for a Job to be over."""
        ask = ("wait", f"--for=condition={condition}", f"job/{job}", "--timeout=2s")
        self.wait(lambda: self.kubectl(*ask), f"{job} to be over", within)

    def swept(self, name: str) -> str:
        """What a sweep prints, run as its CronJob would."""
        self.kubectl("create", "job", name, "--from=cronjob/graft-sweep")
        self.finished(name)
        return self.kubectl("logs", f"job/{name}")

    def restarted(self) -> None:
        """Have Argo's controller end, and begin again."""
        self.engine.stop()
        self.engine = workflows.run(self.server, self.controller)

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """A Secret that is not there before this ends: a step that reads it waits for as long."""
        yield
        content = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {"key": "value"}}
        self.server.apply([content], f"--namespace={NAMESPACE}")

    def asked(self, account: str) -> list[audit.Asked]:
        """All that a service account has asked of the API server."""
        return list(audit.asked(self.server.sandbox.folder, NAMESPACE, account))

    def allowed(self, role: str) -> set[tuple[str, str, str]]:
        """All that a Role allows: group, resource, verb."""
        rules = json.loads(self.kubectl("get", "role", role, "--output=json"))["rules"]
        axes = ((rule["apiGroups"], rule["resources"], rule["verbs"]) for rule in rules)
        return {each for axis in axes for each in product(*axis)}

    def statuses(self) -> list[tuple[str, str, str, str]]:
        """(commit, context, state, description) of every commit status, in their order."""
        return forge.statuses(self.server.sandbox.folder)

    def wait(self, condition: Any, what: str, within: float = PATIENCE) -> Any:
        """The condition's first true answer, while everything goes on."""
        watching = (*self.scenario.delivery.processes, self.engine, self.watch)
        return wait_until(condition, what, watching, timeout=within, every=LOOK)
