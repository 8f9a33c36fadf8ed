"""Folders in an object store, addressed by kind and uid, every transfer checked; files on this machine in its place.

    <root>/objects/<kind>/<uid>/manifest.json            digest, and size and SHA-256 of every file
    <root>/objects/<kind>/<uid>/<digest>/<file>          the files, which nobody writes to again

The manifest is written last, so what it names is whole, and two uploads of one uid at once never mix.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graft_steps.checks import StepError, one_of
from graft_steps.object_backends import NotStored, Stored, described, open_store

if TYPE_CHECKING:
    from graft_steps.object_backends import Store

KINDS = ("datasets", "models")
MANIFEST = "manifest.json"
UID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Address:
    """One folder of a store: a data set or a model by its uid."""

    kind: str
    uid: str

    @classmethod
    def checked(cls, kind: str, uid: str) -> Address:
        """An address that cannot lead elsewhere."""
        one_of("kind", kind, KINDS)
        if not isinstance(uid, str) or not UID.fullmatch(uid) or ".." in uid:
            raise StepError(f"{kind}: {uid!r} is no uid; it has at most 128 letters, digits, dots, _ and -")
        return cls(kind, uid)

    @property
    def manifest(self) -> str:
        """The key of its manifest."""
        return f"objects/{self.kind}/{self.uid}/{MANIFEST}"

    def file(self, digest: str, name: str) -> str:
        """The key of one of its files."""
        return f"objects/{self.kind}/{self.uid}/{digest}/{name}"

    def __str__(self) -> str:
        return f"{self.kind}/{self.uid}"


class ObjectStore:
    """Uploads and downloads folders; `root` is the environment's storage: a path, file:///path or s3://bucket/prefix.

    Host and port of an S3 store that is not Amazon's are in AWS_ENDPOINT_URL, its keys in AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY.
    """

    def __init__(self, root: str, store: Store | None = None) -> None:
        self.root = root
        self._store = store or open_store(root)

    def holds(self, kind: str, uid: str) -> bool:
        """Whether something is stored under a uid."""
        try:
            self._store.stat(Address.checked(kind, uid).manifest)
        except NotStored:
            return False
        return True

    def upload(self, folder: Path, kind: str, uid: str) -> str:
        """Store all files of a folder under a uid, in place of what was there; return the digest of the content."""
        address = Address.checked(kind, uid)
        files = {path.relative_to(folder).as_posix(): described(path) for path in _files(folder)}
        if not files:
            raise StepError(f"{address}: {folder} holds no file, so there is nothing to upload")
        digest = _digest(files)
        for name, stored in files.items():
            self._put(folder / name, address.file(digest, name), stored)
        with tempfile.TemporaryDirectory() as scratch:
            manifest = Path(scratch) / MANIFEST
            written = {"digest": digest, "files": {name: asdict(stored) for name, stored in files.items()}}
            manifest.write_text(json.dumps(written, indent=2))
            self._put(manifest, address.manifest, described(manifest))
        return digest

    def download(self, kind: str, uid: str, folder: Path) -> str:
        """Fetch what is stored under a uid into a folder; return its digest."""
        address = Address.checked(kind, uid)
        folder.mkdir(parents=True, exist_ok=True)
        manifest = self._manifest(address)
        for name, said in manifest["files"].items():
            target = (folder / name).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise StepError(f"{address}: its manifest names {name!r}, which lies outside its folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            self._get(address.file(manifest["digest"], name), target, Stored(**said))
        return manifest["digest"]

    def place(self, kind: str, uid: str) -> str:
        """Where it is, for people."""
        return f"{self.root.rstrip('/')}/objects/{Address.checked(kind, uid)}"

    def _manifest(self, address: Address) -> dict:
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / MANIFEST
            try:
                self._get(address.manifest, file, self._store.stat(address.manifest))
            except NotStored as missing:
                known = ", ".join(self._store.folders(f"objects/{address.kind}/")) or "nothing"
                raise StepError(
                    f"{address} is not in the store {self.root}; under {address.kind} it holds {known}. "
                    "Upload it, or give another uid"
                ) from missing
            return json.loads(file.read_text())

    def _put(self, file: Path, key: str, sent: Stored) -> None:
        self._store.put(file, key, sent)
        kept = self._store.stat(key)
        if kept != sent:
            raise StepError(
                f"{key}: the upload did not arrive whole: {_difference(sent, kept)}. Nothing names it yet; run again, "
                "and look at the store and what stands before it where this repeats"
            )

    def _get(self, key: str, file: Path, said: Stored) -> None:
        try:
            self._store.get(key, file)
        except NotStored as missing:
            raise StepError(f"{key} is named by its manifest and not in the store: upload it again") from missing
        if (found := described(file)) != said:
            raise StepError(f"{key}: the download is not what was uploaded: {_difference(said, found)}; run again")


def open_from(variables: dict[str, str]) -> ObjectStore:
    """The environment's store, by its variable STORAGE_URI."""
    if not (root := variables.get("STORAGE_URI")):
        raise StepError(
            "STORAGE_URI is not set: write `uses: [storage]` at the step, and the overlay of the environment sets it"
        )
    return ObjectStore(root if urlsplit(root).scheme else str(Path(root).absolute()))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _digest(files: dict[str, Stored]) -> str:
    lines = "".join(f"{stored.sha256} {name}\n" for name, stored in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _difference(expected: Stored, found: Stored) -> str:
    if expected.size != found.size:
        return f"{found.size} of {expected.size} bytes"
    return f"its SHA-256 is {found.sha256 or 'unknown'}, and should be {expected.sha256}"
