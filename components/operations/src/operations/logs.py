"""The last lines that a failed step has printed, as long as its pod is there."""

from __future__ import annotations

import httpx2
from lightkube import Client
from lightkube.resources.core_v1 import Pod

from operations.cluster import created, each

LINES, WIDTH = 20, 400
NODE = "workflows.argoproj.io/node-id"  # an annotation
MAIN = ("main", "user-main")


def last_lines(client: Client, labels: dict[str, str], node: str = "") -> str:
    """Of the pods with these labels the one that failed first, or that of Argo's node; "" where none can be read."""
    try:
        pods = [pod for pod in each(client, Pod, labels) if _failed(pod)]
        own = [pod for pod in pods if (pod.metadata.annotations or {}).get(NODE) == node] or pods
        if not own:
            return ""
        pod = min(own, key=created)
        lines = list(client.log(pod.metadata.name, container=_container(pod), tail_lines=LINES, newlines=False))
    except httpx2.HTTPError:  # gone, or not allowed: a log is a courtesy
        return ""
    return "\n".join(line[:WIDTH] for line in lines)


def _failed(pod: Pod) -> bool:
    return bool(pod.status) and pod.status.phase == "Failed"


def _container(pod: Pod) -> str:
    names = [container.name for container in pod.spec.containers]
    return next((name for name in MAIN if name in names), names[0])
