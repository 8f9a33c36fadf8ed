"""Artifacts: where they lie in the cluster's artifact repository, and the metadata that stand for each of them.

Of an artifact its metadata travel, as a parameter: KFP's RuntimeArtifact (name, URI, type, metadata) as JSON, with the
cache key of the task that made it. Who needs the content fetches it by the key in the URI, so an artifact passes
through nested pipelines, loops and alternatives as any other value does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.refusals import Unsupported
from generators.engines.argo.text.expressions import encoded, literal, of, tag
from generators.ir.view import Declared

DEFAULT_ROOT = "s3://artifacts/pipelines"
INPUTS = "/graft/inputs"  # one file or folder for each input artifact
OUTPUTS = "/graft/outputs"  # what a step leaves for Argo to take
NOTHING = "graft-nothing"  # a key that no artifact has: an optional artifact there is passed over
_KINDS = {"s3": "s3", "minio": "s3", "gs": "gcs"}
_MOUNTS = {"s3": "/s3", "minio": "/minio", "gs": "/gcs"}
_ROOT = re.compile(r"(s3|minio|gs)://([^/?]+)/?([^?]*)")


@dataclass(frozen=True)
class Store:
    """The pipeline root, taken apart: `s3://bucket/prefix`."""

    scheme: str
    bucket: str
    prefix: str

    @classmethod
    def of(cls, root: str) -> Store:
        """The store of a pipeline root; Unsupported where Argo's repository cannot be there."""
        match = _ROOT.fullmatch(root)
        if not match or "{" in root:
            message = f"the pipeline root {root} is in no store that Argo's artifact repository can be"
            raise Unsupported(
                "storage", message, "use s3://, minio:// or gs://, and the bucket of the cluster's repository"
            )
        return cls(match[1], match[2], match[3].strip("/"))

    @property
    def base(self) -> str:
        """What every URI in the repository's bucket begins with."""
        return f"{self.scheme}://{self.bucket}/"

    @property
    def mount(self) -> str:
        """The folder that KFP's SDK derives local paths from: `s3://bucket/key` is `/s3/bucket/key`."""
        return _MOUNTS[self.scheme]

    @property
    def folder(self) -> str:
        """The key below which one pod leaves its artifacts."""
        run = "{{workflow.uid}}/{{pod.name}}"
        return f"{self.prefix}/{run}" if self.prefix else run

    def located(self, key: str) -> dict[str, Any]:
        """Argo's location of a key in the cluster's own repository."""
        return {_KINDS[self.scheme]: {"key": key}}

    def output(self, name: str, path: str, key: str) -> dict[str, Any]:
        """An artifact that a pod leaves: a file or a folder, as it is; a step may well leave only its metadata."""
        return {"name": name, "path": path, "optional": True, "archive": {"none": {}}, **self.located(key)}

    def input(self, name: str, path: str, uri: str) -> dict[str, Any]:
        """An artifact that a pod takes, by an expression for its URI; one that lies elsewhere is passed over."""
        return self.fetched(name, path, self.key(uri))

    def key(self, uri: str) -> str:
        """The expression of the key of what lies at the URI that an expression gives."""
        base = literal(self.base)
        return of(uri, f"hasPrefix(#, {base}) ? trimPrefix(#, {base}) : '{NOTHING}'")

    def fetched(self, name: str, path: str, key: str) -> dict[str, Any]:
        """An artifact that a pod takes, by an expression for its key."""
        readable = {"mode": 0o755, "recurseMode": True}  # Argo's executor and the step are different users
        return {"name": name, "path": path, "optional": True, **readable, "archive": {"none": {}}} | self.located(
            tag(key)
        )


def travelling(reference: str) -> str:
    """The expression of the artifacts whose JSON `reference` gives: a list also of a single one, or of none."""
    return f"flatten([fromJSON({reference} == '' ? '[]' : {reference})])"


def runtime_artifact(declared: Declared, uri: str) -> str:
    """The artifact that a task is going to make, as the JSON that travels; `uri` may hold Argo's tags."""
    promised = {
        "name": declared.name,
        "type": declared.type,
        "uri": "\0",
        "metadata": declared.metadata,
    }
    return encoded(promised).replace("\\u0000", uri)


def raw(name: str, path: str, data: str) -> dict[str, Any]:
    """A file that stands in the manifest itself."""
    return {"name": name, "path": path, "raw": {"data": data}}
