"""What every container of a WorkflowTemplate says, stated once in its `templateDefaults`.

Argo merges them into each template by Kubernetes' strategic merge: mappings field by field, lists by the key of their
items, the default's first. So only what all containers say alike is taken out: one without it would come by it.

https://argo-workflows.readthedocs.io/en/latest/template-defaults/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_LISTS = ("env", "volumeMounts")  # that Argo merges, by name and by mountPath


def take_out(templates: Sequence[dict[str, Any]], command: list[str]) -> dict[str, Any]:
    """Remove from the templates what their containers share, and return it as the workflow's defaults.

    `command` is taken out where every container has one, though not all have this one.
    """
    containers = [template["container"] for template in templates if "container" in template]
    shared = _shared_command(containers, command)
    if len(containers) > 1:
        for field in _LISTS:
            if items := _shared_items(containers, field):
                shared[field] = items
        context = containers[0].get("securityContext")
        if context and all(container.get("securityContext") == context for container in containers):
            shared["securityContext"] = context
            for container in containers:
                del container["securityContext"]
    return {"templateDefaults": {"container": shared}} if shared else {}


def _shared_command(containers: list[dict[str, Any]], command: list[str]) -> dict[str, Any]:
    if not all("command" in container for container in containers):
        return {}  # the default would be taken for an image's own command
    having = [container for container in containers if container["command"] == command]
    for container in having:
        del container["command"]
    return {"command": command} if having else {}


def _shared_items(containers: list[dict[str, Any]], field: str) -> list[dict[str, Any]]:
    first, *others = (container.get(field, []) for container in containers)
    shared = [item for item in first if all(item in items for items in others)]
    for container in containers:
        kept = [item for item in container.get(field, []) if item not in shared]
        container.pop(field, None)
        container.update({field: kept} if kept else {})
    return shared
