"""What a change does to each file that says a rule: whether it refuses less, and at which line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from generators.checks.rule_changes import json_schemas, policies
from generators.checks.rule_changes.model import CHANGED, WEAKER, WORDS, Loosened, RuleChange, RuleFile
from generators.checks.schemas import OBJECTS
from generators.delivery.policies import FOLDER as POLICIES
from generators.fleet.derived_schemas import derived
from generators.inventory.paths import format_path
from generators.inventory.read import Repository, plain, read_document
from generators.inventory.schemas import MERGED_SCHEMA

MOST = 5  # places of one file
_UNKNOWN = "changes, and whether it refuses less cannot be told from its text"


def places(file: RuleFile) -> list[Loosened]:
    """Where a file refuses less than it did, or may; none where it is new, or is stricter than it was."""
    if file.after is None:
        return [Loosened((), "it is gone, and refuses nothing any longer")]
    if file.before is None:
        new = Loosened((), "objects of this kind are accepted, and went by no schema of this repository")
        return [new] if file.file.startswith(f"{OBJECTS}/") else []
    compared = policies.loosened if is_policy(file) else json_schemas.loosened
    try:
        return list(compared(_read(file.file, file.before), _read(file.file, file.after)))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):  # a rule of a shape that nobody can hold
        return [Loosened((), "it cannot be read any longer")]


def changes(file: RuleFile, found: list[Loosened]) -> Iterator[RuleChange]:
    """The places of a file as changes of a rule: those that surely refuse less, or one that says it may."""
    surely = [each for each in found if each.surely]
    for each in surely[:MOST]:
        yield RuleChange(file.file, WEAKER, file.place(each.path), format_path(each.path), f"{WORDS}{each.what}")
    if len(surely) > MOST:
        message = f"{WORDS}in {len(surely) - MOST} more places"
        yield RuleChange(file.file, WEAKER, file.place(surely[MOST].path), "", message)
    if found and not surely:
        yield RuleChange(file.file, CHANGED, file.place(found[0].path), "", _UNKNOWN)


def merged_first(files: list[RuleFile]) -> list[RuleFile]:
    """The files with that first which others are derived from."""
    return sorted(files, key=lambda each: each.file != MERGED_SCHEMA)


def without_derived(repository: Repository, files: list[RuleFile]) -> list[RuleFile]:
    """The files without those that `make schemas` makes of another one, which says the same."""
    if not files or files[0].file != MERGED_SCHEMA or not (files[0].before and files[0].after):
        return files
    try:
        made = [derived(repository.edited({MERGED_SCHEMA: text})) for text in (files[0].before, files[0].after)]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return files
    return [each for each in files if [each.before, each.after] != [texts.get(each.file) for texts in made]]


def is_policy(file: RuleFile) -> bool:
    """Whether it is one of the policies."""
    return file.file.startswith(f"{POLICIES}/")


def _read(file: str, text: str) -> Any:
    return json.loads(text) if file.endswith(".json") else plain(read_document(file, text).root)
