"""The volumes of a task's pod: what the PlatformSpec mounts, and what the engine itself needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generators.engines.argo.pod.pods import Resolve, Settings, named
from generators.engines.argo.text.artifacts import OUTPUTS
from generators.engines.argo.text.names import plain, short


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


def volumes(settings: Settings, resolve: Resolve, folder: str) -> Volumes:
    """Everything that a task's pod mounts; `folder` is where KFP's SDK looks for artifacts, "" where nothing does."""
    found = Volumes()
    found.add("graft-outputs", {"emptyDir": {}}, OUTPUTS)
    if folder:
        found.add("graft-artifacts", {"emptyDir": {}}, folder)
    for name, source, path, sub_path in _wanted(settings, resolve):
        found.add(name, source, path, sub_path)
    return found


def _wanted(settings: Settings, resolve: Resolve) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    for entry in settings.get("secretAsVolume", []):
        name = named(entry, "secretName", resolve)
        yield f"secret-{name}", {"secret": {"secretName": name} | _optional(entry)}, entry["mountPath"], ""
    for entry in settings.get("configMapAsVolume", []):
        name = named(entry, "configMapName", resolve)
        yield f"config-{name}", {"configMap": {"name": name} | _optional(entry)}, entry["mountPath"], ""
    for entry in settings.get("pvcMount", []):
        name = _claim(entry, resolve)
        source = {"persistentVolumeClaim": {"claimName": name}}
        yield f"pvc-{name}", source, entry["mountPath"], entry.get("subPath", "")
    for entry in settings.get("emptyDirMounts", []):
        source = {key: entry[key] for key in ("medium", "sizeLimit") if entry.get(key)}
        yield entry.get("volumeName") or entry["mountPath"], {"emptyDir": source}, entry["mountPath"], ""
    if shared := settings.get("enabledSharedMemory"):
        size = {"sizeLimit": shared["size"]} if shared.get("size") else {}
        yield shared.get("volumeName") or "shm", {"emptyDir": {"medium": "Memory", **size}}, "/dev/shm", ""
    for entry in settings.get("genericEphemeralVolume", []):
        yield (
            entry["volumeName"],
            {"ephemeral": {"volumeClaimTemplate": _claim_template(entry)}},
            entry["mountPath"],
            "",
        )


def _claim(entry: Mapping[str, Any], resolve: Resolve) -> str:
    if "pvcNameParameter" in entry:
        return resolve(entry["pvcNameParameter"], "pvcName")
    if "constant" in entry:
        return entry["constant"]
    return resolve({key: entry[key] for key in ("taskOutputParameter", "componentInputParameter") if key in entry}, "")


def _claim_template(entry: Mapping[str, Any]) -> dict[str, Any]:
    spec = {
        "accessModes": entry.get("accessModes", []),
        "resources": {"requests": {"storage": entry.get("size", "")}},
    }
    if not entry.get("defaultStorageClass") and entry.get("storageClassName"):
        spec["storageClassName"] = entry["storageClassName"]
    metadata = {key: value for key, value in entry.get("metadata", {}).items() if value}
    return {"spec": spec} | ({"metadata": metadata} if metadata else {})


def _optional(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"optional": True} if entry.get("optional") else {}
