"""What a change destroys, against what it approves the destruction of; and which approvals are in force at all.

An approval counts only in the change that brings it: one that the base has already approved something else. So it needs
no date to expire, and cannot be collected for later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from generators.checks.approvals import DESTROYS, FOLDER, Approval, files, read
from generators.checks.history.change import Change
from generators.checks.history.destroyed import Destroyed
from generators.fleet.git import contents_at
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.suggestions import did_you_mean


def judged(repository: Repository, change: Change, destroyed: Iterable[Destroyed]) -> Iterator[Finding]:
    """A finding for each thing destroyed, a warning where it is approved; and for approvals of nothing."""
    destroyed = list(dict.fromkeys(destroyed))
    approved, expired = in_force(repository, change.commit, DESTROYS)
    yield from expired
    for each in destroyed:
        yield _finding(each, approved.get(each.name))
    yield from unneeded(approved, [each.name for each in destroyed], "this change does not destroy it")


def in_force(repository: Repository, commit: str, what: str) -> tuple[dict[str, Approval], list[Finding]]:
    """The approvals that came after a commit, by what they name; a warning for each one that was there before.

    Also in another file, in the same words: a file that is renamed approves nothing anew.
    """
    approved: dict[str, Approval] = {}
    expired = []
    before = {file: read(repository, file, content)[0] for file, content in _contents(repository, commit).items()}
    said = {(each.name, each.reason) for approvals in before.values() for each in approvals if each.what == what}
    for file in files(repository):
        old = {each.name for each in before.get(file, ()) if each.what == what}
        for each in (each for each in read(repository, file)[0] if each.what == what):
            if each.name in old or (each.name, each.reason) in said:
                expired.append(_expired(each))
            else:
                approved[each.name] = each
    return approved, expired


def unneeded(approved: Mapping[str, Approval], names: Sequence[str], message: str) -> Iterator[Finding]:
    """A finding for each approval of what does not happen, with the name that may be meant."""
    for each in approved.values():
        if each.name not in names:
            yield _at(each, "invalid", message, did_you_mean(each.name, names) or "remove the line")


def _finding(each: Destroyed, approval: Approval | None) -> Finding:
    place, message = Place(each.file), f"{each.name} {each.why}"
    if approval:
        message += f"; approved in {approval.place.file}: {approval.reason}"
        return Finding("warning", "history", each.rule, place, "", message, fix="make sure it is meant")
    fix = f"keep it, or approve it in this change: {FOLDER}/<what>.yml with reason: and destroys: [{each.name}]"
    return Finding("invalid", "history", each.rule, place, "", message, fix=fix)


def _expired(each: Approval) -> Finding:
    return _at(each, "warning", "this approval has expired: it came with an earlier change", "remove the file")


def _at(each: Approval, verdict: str, message: str, fix: str) -> Finding:
    return Finding(verdict, "history", "approval", each.place, each.what, message, each.name, fix=fix)


def _contents(repository: Repository, commit: str) -> dict[str, bytes]:
    """The files of approvals at a commit."""
    found = contents_at(repository, commit, FOLDER)
    return {file: content for file, content in found.items() if file.endswith((".yml", ".yaml"))}
