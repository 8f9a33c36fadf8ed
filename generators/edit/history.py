"""Which definitions of a pipeline an environment has run, by Git's history of what is rendered for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generators.fleet import git
from generators.fleet.manifests import RENDERED
from generators.inventory.read import Repository
from generators.ir.definitions import DEFINITION_LABEL

_LABEL = re.compile(rf'{re.escape(DEFINITION_LABEL)}: "?([0-9a-f]+)')


@dataclass(frozen=True)
class Ran:
    """A definition, and the newest commit of the branch in which the environment ran it."""

    definition: str
    commit: str


def ran(repository: Repository, environment: str, pipeline: str) -> list[Ran]:
    """What the environment has run, the newest first; what came back later stands there twice."""
    folder = f":(glob){RENDERED}/{environment}/*/{pipeline}/**"
    found: list[Ran] = []
    for commit in git.commits_of(repository, folder):
        lines = git.lines_at(repository, commit, f"{DEFINITION_LABEL}:", folder)
        label = next((match[1] for line in lines if (match := _LABEL.search(line))), "")
        if label and (not found or found[-1].definition != label):
            found.append(Ran(label, commit))
    return found


def before(history: list[Ran], current: str) -> Ran | None:
    """What ran before `current` first did: after an earlier rollback, what was rolled back is no choice."""
    first = max((at for at, each in enumerate(history) if each.definition == current), default=-1)
    return next((each for each in history[first + 1 :] if each.definition != current), None)
