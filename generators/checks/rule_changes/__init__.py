"""Changes of the rules that a change is judged by: the rules of its base judge it besides its own.

A rule is a schema, a policy, what an environment says of a policy, or graft's own code where the repository holds it.
What refuses less than at the base, or refuses an input there and not here, needs an approval of this change
(`weakens:` in `approvals/`); with it the new rules' verdict stands. What may be weaker or not is a warning.
"""

from __future__ import annotations

from generators.checks.history.change import merge_base
from generators.checks.registry import Judged
from generators.checks.rule_changes import approved, own_code
from generators.checks.rule_changes.changes import changes
from generators.checks.rule_changes.model import CHANGED
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding

__all__ = ["CHANGED", "changes", "judged"]


def judged(repository: Repository, revision: str, own: Judged, cache: Cache) -> list[Finding]:
    """What a repository's own rules found, after what its base's rules add to it.

    GraftError where there is no such revision.
    """
    commit, findings = merge_base(repository, revision), list(own.findings)
    found = list(changes(repository, commit, own.fleet, lambda: findings, cache))
    if own_code.is_of_another_graft(repository) and own_code.changed_code(repository, commit):
        found += own_code.refused(each for each in findings if each.failing)
        findings = [each for each in findings if not each.failing]
    return [*approved.findings(repository, commit, found), *findings]
