"""The rules of a repository, with the sentence that each begins with, and what its examples allow and deny."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generators.delivery.policies import EXAMPLES, FOLDER
from generators.inventory.read import Repository

_COMMENT = re.compile(r"(?:^#.*\n)+", re.MULTILINE)
_SAID = re.compile(r"^# (message|facts|update): (.*)\n", re.MULTILINE)
_KIND = re.compile(r"^kind: (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A document, the file that it stands in, and the message by which it is denied, "" where it is allowed."""

    file: str
    kind: str
    text: str
    message: str = ""

    @property
    def name(self) -> str:
        """What its file is called, in words."""
        return self.file.rpartition("/")[2].removesuffix(".yaml").replace("-", " ")


@dataclass(frozen=True)
class Rule:
    """A policy: its name, what it is for, its file, and one example for each thing that is said or allowed."""

    name: str
    sentence: str
    file: str
    denied: tuple[Example, ...]
    allowed: tuple[Example, ...]


def rules(repository: Repository) -> list[Rule]:
    """The rules by name."""
    return [_rule(repository, file) for file in repository.files(f"{FOLDER}/*.yaml")]


def _rule(repository: Repository, file: str) -> Rule:
    name = file.rpartition("/")[2].removesuffix(".yaml")
    said = _COMMENT.match(repository.text(file))
    sentence = " ".join(line.lstrip("# ") for line in said[0].splitlines()) if said else ""
    denied, allowed = (tuple(_examples(repository, name, verdict)) for verdict in ("denied", "allowed"))
    return Rule(name, sentence, file, denied, allowed)


def _examples(repository: Repository, rule: str, verdict: str) -> Iterator[Example]:
    """The first document of each file: the others say the same of other kinds."""
    for file in repository.files(f"{EXAMPLES}/{rule}/{verdict}/*.yaml"):
        text = repository.text(file).split("\n---\n")[0]
        kind = _KIND.search(text)
        yield Example(file, kind[1] if kind else "", _SAID.sub("", text), dict(_SAID.findall(text)).get("message", ""))
