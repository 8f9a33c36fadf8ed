"""Another conformant cluster, that of KUBECONFIG, in place of the API server that the tests start.

It is only asked: every object is a server-side dry run, in a namespace of the tests' own, which goes with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from cluster import process
from cluster.apiserver import QUIET
from cluster.requirements import MissingRequirement

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"


@dataclass(frozen=True)
class Elsewhere:
    """The cluster of KUBECONFIG's current context, as far as an ApiServer is used to judge objects."""

    program: Path
    own: str

    def kubectl(self, *arguments: str | Path, input: str | None = None) -> str:
        """What kubectl prints; raises CommandFailed."""
        return process.run([self.program, *arguments], input, QUIET)

    def apply(self, objects: Iterable[Mapping[str, Any]], *options: str) -> list[str]:
        """The names of objects that server-side apply would make."""
        return self._asked("apply", objects, "--server-side", "--force-conflicts")

    def create(self, objects: Iterable[Mapping[str, Any]], *options: str) -> list[str]:
        """The names of objects that would be created."""
        return self._asked("create", objects)

    def namespace(self, name: str) -> None:
        """Nothing: all objects are put into the namespace of the tests."""

    def _asked(self, verb: str, objects: Iterable[Mapping[str, Any]], *options: str) -> list[str]:
        moved = [{**item, "metadata": self._moved(item["metadata"])} for item in objects]
        manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": moved})
        place = ("--validate=strict", "--dry-run=server", "--output=name", "--filename=-", f"--namespace={self.own}")
        return self.kubectl(verb, *place, *options, input=manifest).splitlines()

    def _moved(self, metadata: Mapping[str, Any]) -> dict[str, Any]:
        return {**metadata, "namespace": self.own} if "namespace" in metadata else dict(metadata)


@contextmanager
def entered(program: Path, kinds: Iterable[tuple[str, str]]) -> Iterator[Elsewhere]:
    """The cluster, with a namespace while this lasts; raises MissingRequirement where it lacks a definition."""
    cluster = Elsewhere(program, f"graft-e2e-{uuid4().hex[:8]}")
    items = json.loads(cluster.kubectl("get", DEFINITIONS, "--output=json"))["items"]
    known = {(item["spec"]["group"], item["spec"]["names"]["kind"]) for item in items}
    if lacking := sorted(set(kinds) - known):
        named = ", ".join(f"{kind}.{group}" for group, kind in lacking)
        raise MissingRequirement(f"the cluster of KUBECONFIG has no definition of {named}")
    cluster.kubectl("create", "namespace", cluster.own)
    try:
        yield cluster
    finally:
        cluster.kubectl("delete", "namespace", cluster.own, "--wait=false")
