"""How a workflow ended, as its object says."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ended:
    """A workflow that is over: its phase, why, the pipeline's outputs, its pods, cache hits, and its nodes by path."""

    phase: str
    message: str
    outputs: dict[str, str]
    pods: int
    hits: int
    steps: dict[str, str]


def of(workflow: Mapping[str, Any]) -> Ended:
    """What a finished Workflow says of its end."""
    name, status = workflow["metadata"]["name"], workflow["status"]
    nodes = nodes_of(status)
    root = next((node for node in nodes if node["name"] == f"{name}.pipeline"), {})
    messages = [status.get("message", ""), *(f"{n['name']}: {n['message']}" for n in nodes if n.get("message"))]
    return Ended(
        phase=status["phase"],
        message=" | ".join(messages)[:3000],
        outputs={item["name"]: item.get("value", "") for item in root.get("outputs", {}).get("parameters", [])},
        pods=sum(node["type"] == "Pod" for node in nodes),
        hits=sum(node.get("memoizationStatus", {}).get("hit", False) for node in nodes),
        steps={node["name"].removeprefix(f"{name}.pipeline."): node["phase"] for node in nodes},
    )


def nodes_of(status: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its nodes; Argo compresses them where they are large."""
    if "compressedNodes" in status:
        return list(json.loads(gzip.decompress(base64.b64decode(status["compressedNodes"]))).values())
    return list(status.get("nodes", {}).values())
