"""Files in `approvals/`, each a list of what one change may destroy: whether they say that in a form that can be read.

Whether the change destroys it, and whether the file came with the change, is for `history` to say, which has a base to
compare with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import Document, Repository, find, plain, read_document
from generators.inventory.schema import json_schema, validator
from generators.inventory.validation import of_file
from generators.model import Finding, Place

FOLDER, SCHEMA = "approvals", "schemas/approvals.schema.json"


@dataclass(frozen=True)
class Approval:
    """One name that a file approves the destruction of, where it stands, and why nobody will miss it."""

    name: str
    reason: str
    place: Place


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of every file that cannot be read as an approval."""
    for file in files(fleet.repository):
        yield from read(fleet.repository, file)[1]


def files(repository: Repository) -> tuple[str, ...]:
    """The files of approvals that there are."""
    return tuple(sorted({*repository.files(f"{FOLDER}/**/*.yml"), *repository.files(f"{FOLDER}/**/*.yaml")}))


def read(repository: Repository, file: str, content: bytes | None = None) -> tuple[list[Approval], list[Finding]]:
    """What a file approves, nothing where something is wrong with it, and what that is; `content` is another text."""
    document = read_document(file, repository.content(file) if content is None else content)
    findings = list(document.findings)
    if document.whole:
        findings += of_file(document, validator(json_schema(repository, SCHEMA)))
    return ([] if findings else list(_approvals(document))), findings


def _approvals(document: Document) -> Iterator[Approval]:
    said = plain(document.root)
    for index, name in enumerate(said["destroys"]):
        node = find(document.root, ("destroys", index))
        yield Approval(name, said["reason"], node.place if node else Place(document.file))
