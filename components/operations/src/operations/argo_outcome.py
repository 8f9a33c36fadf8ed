"""What a Workflow of Argo's says of its end.

https://argo-workflows.readthedocs.io/en/latest/fields/#nodestatus: nodes by id, each with its name, which is the path
from the workflow, and its outputs. Parameters travel as JSON; an artifact's metadata travel as a parameter of its name,
KFP's RuntimeArtifact (generators/engines/argo/text/artifacts.py), so that metrics need no object store.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

from operations.model import Outcome

OVER = ("Succeeded", "Failed", "Error")
METRICS = "system.Metrics"
Node = Mapping[str, Any]


def outcome(workflow: Mapping[str, Any]) -> Outcome | None:
    """How the workflow ended; None while it goes on."""
    status = workflow.get("status") or {}
    if status.get("phase") not in OVER:
        return None
    nodes = sorted(_nodes(status), key=lambda node: node.get("finishedAt") or "")
    failed = failed_node(workflow)
    message = status.get("message") or (failed or {}).get("message") or ""
    return Outcome(
        phase=status["phase"],
        message=message,
        started=status.get("startedAt") or "",
        finished=status.get("finishedAt") or "",
        outputs=_outputs(_root(workflow), nodes),
        step=_path(workflow, _retried(nodes).get(failed["id"], failed)) if failed else "",
    )


def failed_node(workflow: Mapping[str, Any]) -> Node | None:
    """The node that failed first of those that no other node stands for: a pod's, or one that never got a pod."""
    nodes = _nodes(workflow.get("status") or {})
    retried = _retried(nodes)
    broken = [node for node in nodes if _failed(node) and _failed(retried.get(node["id"], node))]
    leaves = [node for node in broken if node.get("type") == "Pod"] or [n for n in broken if not n.get("children")]
    return min(leaves, key=lambda node: node.get("finishedAt") or "", default=None)


def _failed(node: Node) -> bool:
    return node.get("phase") in ("Failed", "Error")


def _retried(nodes: list[Node]) -> dict[str, Node]:
    """Of a step that may be tried again the node of the step, by the ids of its attempts: `train` for `train(0)`."""
    return {child: node for node in nodes if node.get("type") == "Retry" for child in node.get("children") or []}


def _nodes(status: Mapping[str, Any]) -> list[Node]:
    """Its nodes, which Argo compresses where they are large; what it keeps in a database instead is not seen here."""
    if packed := status.get("compressedNodes"):
        return list(json.loads(gzip.decompress(base64.b64decode(packed))).values())
    return list((status.get("nodes") or {}).values())


def _root(workflow: Mapping[str, Any]) -> str:
    return f"{workflow['metadata']['name']}.pipeline"


def _path(workflow: Mapping[str, Any], node: Node) -> str:
    """A step's path as an environment names it: `variants/train`."""
    return node["name"].removeprefix(f"{_root(workflow)}.").replace(".", "/")


def _outputs(root: str, nodes: list[Node]) -> dict[str, dict[str, Any]]:
    values: dict[str, Any] = {}
    for node in nodes:
        if node["name"] == root:
            values = {name: value for name, value in _values(node) if not _is_artifact(value)}
    step, attempts = f"{root}.", _retried(nodes)
    metrics = {
        f"{node['name'].removeprefix(step).replace('.', '/')}: {name}": number
        for node in nodes
        if node.get("type") in ("Pod", "Retry") and node["id"] not in attempts
        for _, value in _values(node)
        if _is_artifact(value) and _kind(value) == METRICS
        for name, number in value.get("metadata", {}).items()
        if isinstance(number, int | float | str)
    }
    return {key: found for key, found in {"parameters": values, "metrics": metrics}.items() if found}


def _values(node: Node) -> Iterator[tuple[str, Any]]:
    """(name, value) of a node's output parameters."""
    for parameter in (node.get("outputs") or {}).get("parameters") or []:
        text = parameter.get("value", "")
        try:
            yield parameter["name"], json.loads(text)
        except ValueError:
            yield parameter["name"], text


def _is_artifact(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_is_artifact, value))
    return isinstance(value, dict) and {"name", "type", "uri"} <= value.keys()


def _kind(value: Any) -> str:
    return value["type"].get("schemaTitle", "") if isinstance(value, dict) and isinstance(value["type"], dict) else ""
