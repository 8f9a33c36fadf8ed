"""Argo CD's Applications as they stand, and the reasons that it gives where one does not stand as it should."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cluster.apiserver import ApiServer
from cluster.argocd import NAMESPACE
from cluster.process import CommandFailed


class NotYet(CommandFailed):
    """What is waited for is not the case yet, and why; Argo CD's own words where it has any."""


@dataclass(frozen=True)
class Application:
    """An Application: whether it is synced and to which commit, its health, and how its last sync went."""

    name: str
    sync: str
    revision: str
    health: str
    phase: str
    messages: tuple[str, ...]

    def is_at(self, commit: str) -> bool:
        """Whether the cluster is what this commit says, and was made so."""
        return (self.sync, self.revision, self.phase) == ("Synced", commit, "Succeeded")

    def at(self, commit: str) -> Application:
        """The same at another commit."""
        return replace(self, revision=commit)

    @property
    def line(self) -> str:
        """One line, without reasons."""
        return f"{self.name}: {self.sync} at {self.revision[:10] or 'no commit'}, {self.health}, last sync {self.phase}"

    def __str__(self) -> str:
        """The same, and a line for each reason."""
        return "\n    ".join([self.line, *self.messages])


def read(server: ApiServer) -> dict[str, Application]:
    """All Applications, by name."""
    answer = server.kubectl("get", "applications", f"--namespace={NAMESPACE}", "--output=json")
    return {item["metadata"]["name"]: understood(item) for item in json.loads(answer)["items"]}


def understood(item: Mapping[str, Any]) -> Application:
    """An Application's status; what it lacks is `Unknown`, as Argo CD says."""
    status = item.get("status", {})
    sync, operation = status.get("sync", {}), status.get("operationState", {})
    messages = [f"{each['type']}: {each['message']}" for each in status.get("conditions", [])]
    if operation.get("phase") != "Succeeded" and "message" in operation:
        messages.append(operation["message"])
    results = operation.get("syncResult", {}).get("resources", [])
    failed = [each for each in results if each.get("status") == "SyncFailed"]
    messages += [f"{each['kind']} {each['name']}: {each['message']}" for each in failed]
    return Application(
        item["metadata"]["name"],
        sync.get("status", "Unknown"),
        sync.get("revision", ""),
        status.get("health", {}).get("status", "Unknown"),
        operation.get("phase", "Unknown"),
        tuple(messages),
    )


def all_at(server: ApiServer, commit: str, names: Iterable[str]) -> bool:
    """Whether all these are at this commit; raises NotYet with those that are not."""
    found = read(server)
    missing = [f"{name}: there is no such Application yet" for name in names if name not in found]
    behind = [str(found[name]) for name in names if name in found and not found[name].is_at(commit)]
    if missing or behind:
        raise NotYet("\n".join(["", *missing, *behind]))
    return True
