"""Files in `approvals/`, each a list of what one change may destroy, or of the rules that it may weaken: whether they
say that in a form that can be read.

Whether the change does so, and whether the file came with the change, is for `history` and `rule_changes` to say, which
have a base to compare with.
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
DESTROYS, WEAKENS = "destroys", "weakens"


@dataclass(frozen=True)
class Approval:
    """One name that a file approves something of (`what`: DESTROYS or WEAKENS), where it stands, and the reason."""

    what: str
    name: str
    reason: str
    place: Place


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of every file that cannot be read as an approval."""
    for file in files(fleet.repository):
        yield from read(fleet.repository, file)[1]


def files(repository: Repository) -> tuple[str, ...]:
    """The files of approvals that there are; none behind a link, which would be another owner's file."""
    found = sorted({*repository.files(f"{FOLDER}/**/*.yml"), *repository.files(f"{FOLDER}/**/*.yaml")})
    root = repository.root.resolve()
    return tuple(each for each in found if (root / each).resolve() == root / each)


def read(repository: Repository, file: str, content: bytes | None = None) -> tuple[list[Approval], list[Finding]]:
    """What a file approves, nothing where something is wrong with it, and what that is; `content` is another text."""
    document = read_document(file, repository.content(file) if content is None else content)
    findings = list(document.findings)
    if document.whole:
        findings += of_file(document, validator(json_schema(repository, SCHEMA)))
    return ([] if findings else list(_approvals(document))), findings


def _approvals(document: Document) -> Iterator[Approval]:
    said = plain(document.root)
    for what in (DESTROYS, WEAKENS):
        names = said.get(what) if isinstance(said, dict) else None  # whatever a schema that was emptied lets through
        for index, name in enumerate(names if isinstance(names, list) else ()):
            node = find(document.root, (what, index))
            yield Approval(what, str(name), str(said.get("reason")), node.place if node else Place(document.file))
