"""Accepts an edit before it is written: the whole fleet is checked and rendered as it will be, in memory."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from generators.diff import changes
from generators.diff.text import to_text
from generators.errors import GraftError, Refused
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.fleet.written import Written, write_rendering
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.output import report, write

_NOTHING = "nothing was written"


@dataclass(frozen=True)
class Accepted:
    """An edit that may be written: file to text, and the fleet with it as it was rendered."""

    repository: Repository
    edits: Mapping[str, str]
    fleet: Fleet
    rendering: Rendering

    def warnings(self, environment: str) -> tuple[Finding, ...]:
        """What remains to be said of the environment that was edited."""
        found = (*self.fleet.findings_of(environment), *self.rendering.findings)
        return tuple(finding for finding in found if not finding.failing)

    def write(self) -> Done:
        """Write the edit and all that it renders; what a person wrote is put back where that fails."""
        diff = self.diff()
        before = {file: self.repository.text(file) if self.repository.exists(file) else None for file in self.edits}
        try:
            for file, text in self.edits.items():
                write.write_file_atomically(self.repository.root / file, text, self.repository.root)
            done = write_rendering(self.fleet, self.rendering)
        except BaseException:
            for file, text in before.items():
                write.restore_file(self.repository.root / file, text, self.repository.root)
            raise
        return Done(diff, tuple(self.edits), done, _effect(self.repository))

    def diff(self) -> str:
        """The edit as a unified diff."""
        return "".join(_diff(self.repository, file, text) for file, text in self.edits.items())

    def unwritten(self) -> Done:
        """What `write` would give, with nothing rendered."""
        return Done(self.diff(), (), Written((), (), 0), _effect(self.repository.edited(self.edits)))


@dataclass(frozen=True)
class Done:
    """An edit: its diff, the files that a person wrote, what was rendered, and what that will do to the clusters."""

    diff: str
    edited: tuple[str, ...]
    rendered: Written
    effect: str = ""

    def to_text(self) -> str:
        changes = [f"  wrote    {path}" for path in self.rendered.written]
        changes += [f"  removed  {path}" for path in self.rendered.removed]
        counts = f"{len(self.rendered.written)} written, {len(self.rendered.removed)} removed"
        done = [*changes, counts] if self.edited else [_NOTHING]
        return "\n".join([self.diff.rstrip("\n"), *done, *(["", self.effect] if self.effect else [])])

    def files(self) -> list[dict[str, str]]:
        """The files as every verb's JSON has them."""
        made, gone = self.rendered.written, self.rendered.removed
        return [
            *report.files(self.edited, "edited"),
            *report.files(made, "written"),
            *report.files(gone, "removed"),
        ]


def accept(repository: Repository, edits: Mapping[str, str], cache: Cache, keys: Mapping[str, str]) -> Accepted:
    """The edit as it will be written; Refused, with every finding that `graft check` would have, where it may not be.

    `keys` are paths in the environment to the keys that were given for them, at which a finding of one is placed.
    """
    try:
        fleet, rendering = manifests.accepted(repository.edited(edits), "", cache)
    except Refused as refused:
        raise Refused([_at_its_key(each, keys) for each in refused.findings], _NOTHING) from None
    return Accepted(repository, edits, fleet, rendering)


def _at_its_key(finding: Finding, keys: Mapping[str, str]) -> Finding:
    for path, key in keys.items():
        if finding.path == path:
            return replace(finding, place=Place(key, 0, 0), path="")
        if finding.path.startswith((f"{path}.", f"{path}[")):
            return replace(finding, place=Place(key, 0, 0))
    return finding


def _effect(repository: Repository) -> str:
    """What all that is not committed yet will do to the clusters; "" where there is no commit to compare with."""
    try:
        return to_text(changes(repository, "HEAD"))
    except GraftError:
        return ""


def _diff(repository: Repository, file: str, text: str) -> str:
    before = repository.text(file).splitlines(keepends=True) if repository.exists(file) else []
    names = f"a/{file}" if before else "/dev/null", f"b/{file}"
    if text.startswith("{"):  # a definition that comes back, of hundreds of lines
        return f"--- {names[0]}\n+++ {names[1]}\n"
    return "".join(difflib.unified_diff(before, text.splitlines(keepends=True), *names, n=1))
