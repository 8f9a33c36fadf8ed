"""Changes of rules as findings: what refuses less is an error until this change approves it, by the rule's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from generators.checks.approvals import FOLDER, WEAKENS, Approval
from generators.checks.history.approvals import in_force, unneeded
from generators.checks.rule_changes.model import CHANGED, RuleChange
from generators.inventory.read import Repository
from generators.model import Finding

CHECK = "rules"


def findings(repository: Repository, commit: str, changes: Iterable[RuleChange]) -> Iterator[Finding]:
    """A finding for each change of a rule since a commit, and for approvals of what is no such change."""
    changes = list(dict.fromkeys(changes))
    approvals, expired = in_force(repository, commit, WEAKENS)
    for each in changes:
        yield _finding(each, approvals.get(each.name))
    yield from expired
    yield from unneeded(approvals, [each.name for each in changes], "this change makes no rule of it weaker")


def _finding(each: RuleChange, approval: Approval | None) -> Finding:
    message, verdict = each.message, "invalid"
    approving = f"{FOLDER}/{_called(each)}.yml with reason: and {WEAKENS}: [{each.name}]"
    fix = f"keep the rule, or approve it in this change: {approving}"
    if each.rule == CHANGED:
        verdict, fix = "warning", "read its difference"
    elif approval:
        verdict, fix = "warning", "make sure it is meant"
        message += f"; approved in {approval.place.file}: {approval.reason}"
    return Finding(verdict, CHECK, each.rule, each.place, each.path, message, each.found, each.allowed, fix)


def _called(each: RuleChange) -> str:
    """What a file that approves it may be called."""
    return PurePosixPath(each.name).name.partition(".")[0] or "rules"
