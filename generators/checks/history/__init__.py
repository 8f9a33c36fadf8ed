"""What a change does to what is deployed: against a revision of Git, which is what the clusters run.

`findings` compares `rendered/` with that of the commit at which the checkout left the revision, so that what others
merged since is not taken for a deletion. Destructive changes need an approval (`approvals`), which expires with the
change that it came with.
"""

from __future__ import annotations

from collections.abc import Iterator

from generators.checks.history import deletions, immutable, schedules
from generators.checks.history.change import Change
from generators.inventory.read import Repository
from generators.model import Finding


def findings(repository: Repository, revision: str) -> Iterator[Finding]:
    """The findings of the change from a revision to the checkout; GraftError where there is no such revision."""
    from generators.checks.history import approvals, updates  # policies and schemas, which `graft diff` does not ask

    change = Change.since(repository, revision)
    destroyed = [*deletions.destroyed(change), *immutable.replaced(change)]
    yield from immutable.findings(change)
    yield from approvals.judged(repository, change, destroyed)
    yield from schedules.findings(change)
    yield from updates.findings(change)
