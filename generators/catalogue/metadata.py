"""Reads a component's `metadata.yaml` and `OWNERS`, with a finding at the line of whatever is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from generators.inventory.read import Repository, plain, read_document
from generators.inventory.schema import json_schema, validator
from generators.inventory.validation import of_file
from generators.model import Finding, Place

METADATA, OWNERS = "metadata.yaml", "OWNERS"
SCHEMAS = {METADATA: "schemas/metadata.schema.json", OWNERS: "schemas/owners.schema.json"}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class About:
    """What a component says of itself: the two files, empty where they are not there or not right."""

    metadata: Mapping[str, Any]
    owners: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


def read(repository: Repository, folder: str) -> About:
    """The metadata and the owners of the component in `folder`, and everything that is wrong with the two files."""
    metadata, wrong = _file(repository, folder, METADATA)
    owners, also = _file(repository, folder, OWNERS)
    named = metadata.get("name")
    if named is not None and named != (name := PurePosixPath(folder).name):
        place, message = Place(f"{folder}/{METADATA}"), "the component's name is not its folder's name"
        wrong.append(Finding("invalid", "schema", "name", place, "name", message, str(named), name, f"write {name}"))
    return About({} if wrong else metadata, {} if also else owners, (*wrong, *also))


def _file(repository: Repository, folder: str, name: str) -> tuple[dict[str, Any], list[Finding]]:
    file = f"{folder}/{name}"
    if not repository.exists(file):
        fix = f"write {file}; graft new component makes one"
        return {}, [Finding("warning", "schema", "missing-file", Place(folder, 0), "", f"there is no {name}", fix=fix)]
    document = read_document(file, repository.content(file))
    findings = [finding for finding in document.findings if not _is_date(finding)]
    value = plain(document.root) if document.whole else {}
    if document.whole:
        findings += of_file(document, validator(json_schema(repository, SCHEMAS[name])))
    return value if isinstance(value, dict) else {}, findings


def _is_date(finding: Finding) -> bool:
    """Whether a finding is of a date without quotes, which is what the catalogue's own check wants."""
    return finding.rule == "ambiguous-scalar" and bool(_DATE.fullmatch(finding.found))
