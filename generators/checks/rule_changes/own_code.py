"""Changes of graft's own code and of what CI does, where they stand in the repository that is judged.

They are rules too, and nobody can tell from their text whether they refuse less. So they are said, folded into one; and
where the graft that judges is not the one that a change brings, what it refuses is for an approval to settle: the
change's own graft may rightly render and check otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import generators
from generators.checks.rule_changes.model import CHANGED, REFUSED, RuleChange
from generators.fleet.git import changed_files
from generators.inventory.read import Repository
from generators.model import Finding, Place

NAME = "generators"  # what an approval calls graft's own code
_CODE = (NAME, "pyproject.toml", "requirements.lock")  # with what it is installed with
# With what Git does to files: it can hide a difference from its reviewer, or check out other bytes than were reviewed.
_CI = (".github", ".ci", "Makefile", ":(glob)**/.gitattributes", ":(glob)**/CODEOWNERS")
_PIPELINES = "generators/pipelines/"  # what is judged, and no part of what judges
_GRAFT = "generators/cli.py"
_FEW = 3


def changes(repository: Repository, commit: str) -> Iterator[RuleChange]:
    """A change for graft's own code, and one for what CI does, wherever a commit has them otherwise."""
    if code := changed_code(repository, commit):
        yield _folded(NAME, code, "graft's own code changes, and what it refuses with it")
    if ci := changed_files(repository, commit, *_CI):
        yield _folded(_CI[0], ci, "what CI runs, who has to approve, or what Git shows of a file changes")


def changed_code(repository: Repository, commit: str) -> list[str]:
    """The files of graft's own code that a commit has otherwise; none where a repository only uses graft."""
    if not repository.exists(_GRAFT):
        return []
    return [file for file in changed_files(repository, commit, *_CODE) if not file.startswith(_PIPELINES)]


def is_of_another_graft(repository: Repository) -> bool:
    """Whether the graft that judges is not that of the repository."""
    return Path(generators.__file__).resolve().parents[1] != repository.root.resolve()


def refused(findings: Iterable[Finding]) -> Iterator[RuleChange]:
    """What this graft refuses of a change of graft itself."""
    for each in findings:
        said = ": ".join(filter(None, (each.path, each.message)))
        message = f"the base's graft refuses {each.place}: {said}"
        yield RuleChange(NAME, REFUSED, each.place, each.path, message, each.found, each.allowed)


def _folded(name: str, files: list[str], message: str) -> RuleChange:
    more = f" and {len(files) - _FEW} more" if len(files) > _FEW else ""
    return RuleChange(name, CHANGED, Place(files[0]), "", message, f"{', '.join(files[:_FEW])}{more}")
