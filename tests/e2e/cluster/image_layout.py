"""A folder of images in the OCI layout: blobs by their digest, and the table of names."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEDIA = "application/vnd.oci.image."
MANIFEST = f"{MEDIA}manifest.v1+json"
NAME = "io.containerd.image.name"  # the annotation that `ctr image import` reads too
SCRATCH = "scratch-"  # how folders of what is not finished begin


@dataclass(frozen=True)
class Layout:
    """The folder; what stands in it under a digest is never a part of something."""

    folder: Path

    def names(self) -> dict[str, str]:
        """The digest of the manifest that each name stands for."""
        file = self.folder / "index.json"
        listed = json.loads(file.read_text())["manifests"] if file.is_file() else []
        return {item["annotations"][NAME]: item["digest"] for item in listed}

    def blob(self, digest: str) -> Path:
        """Where the content of this digest lies, if it is there."""
        return self.folder / "blobs" / digest.replace(":", "/")

    def manifest(self, digest: str) -> dict[str, Any]:
        """A manifest."""
        return json.loads(self.blob(digest).read_text())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else write for as long as this lasts."""
        (self.folder / "blobs" / "sha256").mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def add_document(self, content: dict[str, Any], media: str) -> dict[str, Any]:
        """Keep a document; what other documents say to name it."""
        written = _json(content)
        digest = f"sha256:{hashlib.sha256(written).hexdigest()}"
        _replace(self.blob(digest), written)
        return {"mediaType": media, "digest": digest, "size": len(written)}

    def add_file(self, file: Path) -> str:
        """Keep a file, which leaves its own place; its digest."""
        with file.open("rb") as content:
            digest = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
        file.replace(self.blob(digest))
        return digest

    def write_index(self, names: Mapping[str, str]) -> None:
        """Write the table of names; what none of them leads to is removed."""
        listed = [
            {
                "mediaType": MANIFEST,
                "digest": digest,
                "size": self.blob(digest).stat().st_size,
                "annotations": {NAME: name},
            }
            for name, digest in sorted(names.items())
        ]
        _replace(self.folder / "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
        _replace(self.folder / "index.json", _json({"schemaVersion": 2, "manifests": listed}))
        self._prune(set(names.values()))

    def _prune(self, manifests: set[str]) -> None:
        used = set(manifests)
        for manifest in map(self.manifest, manifests):
            used |= {manifest["config"]["digest"], *(layer["digest"] for layer in manifest["layers"])}
        for blob in (self.folder / "blobs" / "sha256").iterdir():
            if f"sha256:{blob.name}" not in used:
                blob.unlink()
        for left in self.folder.glob(f"{SCRATCH}*"):  # by a build that was killed, gigabytes perhaps
            shutil.rmtree(left)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True).encode()


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(file)
