"""What a change destroys, against what it approves the destruction of.

An approval counts only in the change that brings it: one that the base has already approved something else. So it needs
no date to expire, and cannot be collected for later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generators.checks.approvals import FOLDER, Approval, files, read
from generators.checks.history.change import Change
from generators.checks.history.destroyed import Destroyed
from generators.errors import GraftError
from generators.fleet.git import git
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.suggestions import did_you_mean


def judged(repository: Repository, change: Change, destroyed: Iterable[Destroyed]) -> Iterator[Finding]:
    """A finding for each thing destroyed, a warning where it is approved; and for approvals of nothing."""
    destroyed = list(dict.fromkeys(destroyed))
    approved: dict[str, Approval] = {}
    for file in files(repository):
        old = _names_before(repository, change.commit, file)
        for each in read(repository, file)[0]:
            if each.name in old:
                yield _expired(each)
            else:
                approved[each.name] = each
    for each in destroyed:
        yield _finding(each, approved.get(each.name))
    names = [each.name for each in destroyed]
    for each in approved.values():
        if each.name not in names:
            message, fix = "this change does not destroy it", did_you_mean(each.name, names) or "remove the line"
            yield _of(each, "invalid", message, fix)


def _finding(each: Destroyed, approval: Approval | None) -> Finding:
    place, message = Place(each.file), f"{each.name} {each.why}"
    if approval:
        message += f"; approved in {approval.place.file}: {approval.reason}"
        return Finding("warning", "history", each.rule, place, "", message, fix="make sure it is meant")
    fix = f"keep it, or approve it in this change: {FOLDER}/<what>.yml with reason: and destroys: [{each.name}]"
    return Finding("invalid", "history", each.rule, place, "", message, fix=fix)


def _expired(each: Approval) -> Finding:
    return _of(each, "warning", "this approval has expired: it came with an earlier change", "remove the file")


def _of(each: Approval, verdict: str, message: str, fix: str) -> Finding:
    return Finding(verdict, "history", "approval", each.place, "destroys", message, each.name, fix=fix)


def _names_before(repository: Repository, commit: str, file: str) -> set[str]:
    """What a file approved at a commit."""
    try:
        content = git(repository, "cat-file", "blob", f"{commit}:./{file}")
    except GraftError:
        return set()  # it was not there
    return {each.name for each in read(repository, file, content)[0]}
