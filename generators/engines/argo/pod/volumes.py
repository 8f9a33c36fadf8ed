"""The volumes of a task's pod: what the PlatformSpec mounts, and what the engine itself needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generators.engines.argo.pod.pods import Resolve
from generators.engines.argo.text.artifacts import OUTPUTS
from generators.engines.argo.text.names import plain, short
from generators.ir.view import Pod
from generators.ir.view.pod import CLAIM, CONFIG_MAP, EMPTY, MEMORY, SECRET, Mount
from generators.ir.view.tree import Tree

OWN_VOLUMES = ("graft-outputs", "graft-artifacts")


@dataclass
class Volumes:
    """Volumes and their mounts, each volume once."""

    volumes: list[dict[str, Any]] = field(default_factory=list)
    mounts: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, source: Mapping[str, Any], path: str, sub_path: str = "") -> None:
        """Mount a volume of this source at `path`; an equal one is used again."""
        volume = {"name": short(plain(name)), **source}
        same_name = [known for known in self.volumes if known["name"] == volume["name"]]
        if same_name and volume not in same_name:
            volume["name"] = short(f"{volume['name']}-{len(self.volumes)}")
        if volume not in self.volumes:
            self.volumes.append(volume)
        self.mounts.append({"name": volume["name"], "mountPath": path} | ({"subPath": sub_path} if sub_path else {}))


def volumes(pod: Pod, resolve: Resolve, folder: str) -> Volumes:
    """Everything that a task's pod mounts; `folder` is where KFP's SDK looks for artifacts, "" where nothing does."""
    found = Volumes()
    found.add(OWN_VOLUMES[0], {"emptyDir": {}}, OUTPUTS)
    if folder:
        found.add(OWN_VOLUMES[1], {"emptyDir": {}}, folder)
    for mount in pod.mounts:
        name, source = _volume(mount, resolve)
        found.add(name, source, mount.path, mount.tree.get("subPath", "") if mount.kind == CLAIM else "")
    return found


def _volume(mount: Mount, resolve: Resolve) -> tuple[str, dict[str, Any]]:
    """What a volume is called, and where its content comes from."""
    tree, name = mount.tree, resolve(mount.source) if mount.source else ""
    optional = {"optional": True} if mount.is_optional else {}
    if mount.kind == SECRET:
        return f"secret-{name}", {"secret": {"secretName": name} | optional}
    if mount.kind == CONFIG_MAP:
        return f"config-{name}", {"configMap": {"name": name} | optional}
    if mount.kind == CLAIM:
        return f"pvc-{name}", {"persistentVolumeClaim": {"claimName": name}}
    if mount.kind == EMPTY:
        source = {key: tree[key] for key in ("medium", "sizeLimit") if tree.get(key)}
        return tree.get("volumeName") or mount.path, {"emptyDir": source}
    if mount.kind == MEMORY:
        size = {"sizeLimit": tree["size"]} if tree.get("size") else {}
        return tree.get("volumeName") or "shm", {"emptyDir": {"medium": "Memory", **size}}
    return tree["volumeName"], {"ephemeral": {"volumeClaimTemplate": _claim_template(tree)}}


def _claim_template(entry: Tree) -> dict[str, Any]:
    spec = {
        "accessModes": entry.get("accessModes", []),
        "resources": {"requests": {"storage": entry.get("size", "")}},
    }
    if not entry.get("defaultStorageClass") and entry.get("storageClassName"):
        spec["storageClassName"] = entry["storageClassName"]
    metadata = {key: value for key, value in entry.get("metadata", {}).items() if value}
    return {"spec": spec} | ({"metadata": metadata} if metadata else {})
