"""A file that says a rule, before and after a change, and what the change does to the rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from generators.fleet.git import contents_at
from generators.inventory.paths import KeyPath
from generators.inventory.read import Repository
from generators.ir import documents
from generators.ir.lines import nearest_line
from generators.model import Place

SCHEMAS = "schemas"
_SAY_NOTHING = ("schemas/output/",)  # of inputs: they are the form of what graft prints
WORDS = "weaker than the base's: "
CHANGED, WEAKER, REFUSED = "changed", "weaker", "refused-by-base"


@dataclass(frozen=True)
class RuleFile:
    """A schema or a policy at the base and in the checkout; None where it is not there."""

    file: str
    before: str | None
    after: str | None

    def place(self, path: KeyPath = ()) -> Place:
        """The line of a path in what the checkout has, or of the nearest above it; the file where it is gone."""
        if self._root is None:
            return Place(self.file, int(self.after is not None))
        return Place(self.file, nearest_line(self._root, path))

    @cached_property
    def _root(self) -> documents.Node | None:
        roots = documents.read(self.after, self.file)[0] if self.after else []
        return roots[0] if roots else None


@dataclass(frozen=True)
class Loosened:
    """A place inside a rule, and what is other there; not `surely` where it may be stricter as well."""

    path: KeyPath
    what: str
    surely: bool = True


@dataclass(frozen=True)
class RuleChange:
    """A change of a rule: `name` is what an approval calls it, `rule` one of CHANGED, WEAKER and REFUSED."""

    name: str
    rule: str
    place: Place
    path: str
    message: str
    found: str = ""
    allowed: str = ""


def changed_rules(repository: Repository, commit: str) -> list[RuleFile]:
    """The schemas and policies that a commit has otherwise, by their bytes: Git's attributes could hide a change."""
    before = contents_at(repository, commit, SCHEMAS)
    after = {file: repository.content(file) for file in repository.files(f"{SCHEMAS}/**/*")}
    return [
        RuleFile(file, _text(before.get(file)), _text(after.get(file)))
        for file in sorted(before.keys() | after.keys())
        if before.get(file) != after.get(file) and not file.startswith(_SAY_NOTHING)
    ]


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")
