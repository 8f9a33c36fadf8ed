"""What a Workflow of Argo's says of a run: its steps, its outputs, its metrics, and what failed.

https://argo-workflows.readthedocs.io/en/latest/fields/#nodestatus: nodes by id, each with its name, which is the path
from the workflow. Parameters travel as JSON, and an artifact's metadata, KFP's RuntimeArtifact, as a parameter too
(generators/engines/argo/text/artifacts.py), so that metrics need no object store.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from generators.live.model import OVER, Run, Step, time_of

METRICS = "system.Metrics"
_ITERATION = re.compile(r"\.each\((\d+):\d+\)")  # an iteration of a loop (engines/argo/graph/loops.py)
_ATTEMPT = re.compile(r"\(\d+\)$")
_STATES = {
    "Pending": "WAITING",
    "Running": "RUNNING",
    "Succeeded": "SUCCEEDED",
    "Skipped": "SKIPPED",
    "Omitted": "SKIPPED",
    "Failed": "FAILED",
    "Error": "FAILED",
}
Node = Mapping[str, Any]


def run(workflow: Mapping[str, Any]) -> Run:
    """The run that a Workflow is."""
    status = workflow.get("status") or {}
    nodes = sorted(nodes_of(status), key=lambda node: (node.get("startedAt") or "", node["name"]))
    failed = failed_node(workflow)
    name = workflow["metadata"]["name"]
    metadata = workflow["metadata"]
    values = [value for node in nodes if node["name"] == _root(name) for value in _values(node)]
    return Run(
        name=name,
        phase=status.get("phase") or "Pending",
        version=((workflow.get("spec") or {}).get("workflowTemplateRef") or {}).get("name", ""),
        message=status.get("message") or (failed or {}).get("message") or "",
        started=status.get("startedAt") or metadata.get("creationTimestamp") or "",
        finished=status.get("finishedAt") or "",
        outputs=_parameters(values) or _of_steps(name, nodes),
        metrics=_metrics(name, nodes),
        step=path(name, failed) if failed and status.get("phase") in OVER else "",
        steps=tuple(_steps(name, nodes)),
    )


def nodes_of(status: Mapping[str, Any]) -> list[Node]:
    """Its nodes, which Argo compresses where they are large; what it keeps in a database instead is not seen here."""
    if packed := status.get("compressedNodes"):
        return list(json.loads(gzip.decompress(base64.b64decode(packed))).values())
    return list((status.get("nodes") or {}).values())


def failed_node(workflow: Mapping[str, Any]) -> Node | None:
    """The node that failed first of those that no other node stands for: a pod's, or one that never got a pod."""
    broken = [node for node in nodes_of(workflow.get("status") or {}) if _STATES.get(node.get("phase")) == "FAILED"]
    leaves = [node for node in broken if node.get("type") == "Pod"] or [n for n in broken if not n.get("children")]
    return min(leaves, key=lambda node: node.get("finishedAt") or "", default=None)


def path(workflow: str, node: Node) -> str:
    """A step's path as a run on this machine has it: `people/0/greet`."""
    inside = _ITERATION.sub(r".\1", _ATTEMPT.sub("", node["name"].removeprefix(f"{_root(workflow)}.")))
    return inside.replace(".", "/")


def _steps(workflow: str, nodes: list[Node]) -> Iterator[Step]:
    """Pods, what came from the cache in place of one, and what a condition left out."""
    retried = {child for node in nodes if node.get("type") == "Retry" for child in (node.get("children") or [])[:-1]}
    for node in nodes:
        cached = (node.get("memoizationStatus") or {}).get("hit", False)
        state = _STATES.get(node.get("phase"), "WAITING")
        if not (node.get("type") == "Pod" or cached or state == "SKIPPED") or node["name"] == workflow:
            continue
        state = "REUSED" if cached and state == "SUCCEEDED" else state
        state = "RETRIED" if node["id"] in retried and state == "FAILED" else state
        yield Step(node["id"], path(workflow, node), state, _seconds(node), node.get("message") or "")


def _seconds(node: Node) -> float:
    if not node.get("startedAt"):
        return 0.0
    end = time_of(node["finishedAt"]) if node.get("finishedAt") else datetime.now(UTC)
    return max(0.0, (end - time_of(node["startedAt"])).total_seconds())


def _parameters(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in values if not _is_artifact(value)}


def _of_steps(workflow: str, nodes: list[Node]) -> dict[str, Any]:
    """The outputs of the steps, for a pipeline that has none of its own, as `step: name`."""
    return {
        f"{path(workflow, node)}: {name}": value
        for node in nodes
        if node.get("type") == "Pod"
        for name, value in _parameters(_values(node)).items()
    }


def _metrics(workflow: str, nodes: list[Node]) -> dict[str, Any]:
    return {
        f"{path(workflow, node)}: {name}": number
        for node in nodes
        if node.get("type") == "Pod"
        for _, value in _values(node)
        if _is_artifact(value) and (value.get("type") or {}).get("schemaTitle") == METRICS
        for name, number in (value.get("metadata") or {}).items()
        if isinstance(number, int | float | str)
    }


def _values(node: Node) -> Iterator[tuple[str, Any]]:
    """(name, value) of a node's output parameters."""
    for parameter in (node.get("outputs") or {}).get("parameters") or []:
        text = parameter.get("value", "")
        try:
            yield parameter["name"], json.loads(text)
        except ValueError:
            yield parameter["name"], text


def _is_artifact(value: Any) -> bool:
    return isinstance(value, dict) and {"name", "type", "uri"} <= value.keys() and isinstance(value["type"], dict)


def _root(workflow: str) -> str:
    return f"{workflow}.pipeline"
