"""What the namespace of an environment says in a cluster: intents, records of runs, live Workflows, and logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
from lightkube import Client, SingleConfig

from generators.delivery.objects import RECORD_LABEL
from generators.ir.definitions import DEFINITION_LABEL
from generators.ir.labels import PIPELINE_LABEL
from generators.live import cluster, records, workflow
from generators.live.model import Run

_MAIN = ("main", "user-main")  # the container of a step's own program, on Argo and on Kubeflow
_NODE = "workflows.argoproj.io/node-id"  # an annotation of pods
_WORKFLOW = "workflows.argoproj.io/workflow"  # a label of them
_MANAGED = {"app.kubernetes.io/managed-by": "graft"}


@dataclass(frozen=True)
class Namespace:
    """By pipeline: the version that the intent in the cluster names, and the newest run."""

    versions: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, Run] = field(default_factory=dict)


def ask(context: SingleConfig, namespace: str, with_workflows: bool) -> Namespace:
    """What a namespace says, of its Workflows too where runs are Workflows; Unreached where nobody answers."""
    with cluster.connect(context, namespace) as client:
        intents = cluster.each(client, cluster.ConfigMap, namespace, {RECORD_LABEL: "intent"})
        recorded = cluster.each(client, cluster.ConfigMap, namespace, {RECORD_LABEL: "run"})
        labels = {**_MANAGED, DEFINITION_LABEL: None}  # None: whatever its value
        workflows = cluster.each(client, cluster.Workflow, namespace, labels) if with_workflows else []
        found = _newest(recorded, workflows)
        runs = {pipeline: _with_log(client, namespace, run, workflows) for pipeline, run in found.items()}
    return Namespace({it.metadata.name: (it.data or {}).get("version", "") for it in intents}, runs)


def log(client: Client, namespace: str, workflow_name: str, node: str) -> str:
    """The last lines that a step printed, as long as its pod is there and one may read it; else ""."""
    try:
        pods = cluster.each(client, cluster.Pod, namespace, {_WORKFLOW: workflow_name})
        own = [pod for pod in pods if (pod.metadata.annotations or {}).get(_NODE) == node]
        if not own:
            return ""
        names = [container.name for container in own[0].spec.containers]
        container = next((name for name in _MAIN if name in names), names[0])
        more = {"namespace": namespace, "container": container, "tail_lines": cluster.LINES, "newlines": False}
        return "\n".join(client.log(own[0].metadata.name, **more))
    except httpx2.HTTPError:  # gone, or not allowed: a log is a courtesy
        return ""


def _newest(recorded: list[Any], workflows: list[Any]) -> dict[str, Run]:
    """The newest run of each pipeline; of one that has both, the record tells once it is over, the Workflow before."""
    runs: dict[tuple[str, str], Run] = {}
    for it in recorded:
        data = it.data or {}
        pipeline = data.get("pipeline") or (it.metadata.labels or {}).get(PIPELINE_LABEL, "")
        run = records.run(data, it.metadata.creationTimestamp)
        runs[pipeline, run.name or it.metadata.name] = run
    for it in map(dict, workflows):
        key = it["metadata"].get("labels", {}).get(PIPELINE_LABEL, ""), it["metadata"]["name"]
        if not (key in runs and runs[key].over):
            runs[key] = workflow.run(it)
    newest: dict[str, Run] = {}
    for (pipeline, _), run in sorted(runs.items(), key=lambda item: item[1].started):
        newest[pipeline] = run
    return newest


def _with_log(client: Client, namespace: str, run: Run, workflows: list[Any]) -> Run:
    """The run with the log of the step that failed, where its record does not have it."""
    own = next((dict(it) for it in workflows if it["metadata"]["name"] == run.name), None)
    failed = workflow.failed_node(own) if own else None
    if run.log or not (run.step and failed):
        return run
    return replace(run, log=log(client, namespace, run.name, failed["id"]))
