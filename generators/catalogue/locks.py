"""Reads what an image installs: `requirements.txt`, which a person edits, and `requirements.lock`, made from it.

Both are files of requirements as pip reads them (https://pip.pypa.io/en/stable/reference/requirements-file-format/).
The lock is `uv pip compile --generate-hashes`: every package at one version, with the SHA-256 of each of the release's
files, and below it in comments who asks for it; its first lines say the command, and so for which Python it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

REQUIREMENTS, LOCK = "requirements.txt", "requirements.lock"
_COMMENT = re.compile(r"(^|\s)#.*$")
_OWN_LINE = re.compile(r"\s*#")
_ENCODING = re.compile(r"#.*coding[:=]\s*([-\w.]+)")
_HASH = re.compile(r"--hash[=\s]([a-z0-9]+:[0-9a-f]+)")
_ASKER = re.compile(r"^\s+#(?: +via)?(?: +(\S.*))?$")
_PYTHON = re.compile(r"^#.* --python-version[ =](\d+\.\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One requirement of a file: its text without hashes and comments, the line it begins at, and its hashes.

    `askers` are those that it is there for: names of packages, and `-r FILE` where a person asks for it.
    """

    text: str
    line: int
    hashes: tuple[str, ...] = ()
    askers: tuple[str, ...] = field(default=())

    def requirement(self) -> Requirement | None:
        """What it asks for; None where it is an option, or no requirement of a package."""
        from packaging.requirements import Requirement

        try:
            return Requirement(self.text)
        except (ValueError, RecursionError):  # a marker may be in any number of parentheses
            return None


def lines(text: str) -> list[Line]:
    """The requirements and options of a file, in their order."""
    found: list[Line] = []
    for number, whole in _joined(text):
        content = _COMMENT.sub("", whole).strip()
        if content:
            hashes = tuple(_HASH.findall(content))
            found.append(Line(_HASH.sub("", content).strip(), number, hashes))
        elif found and (asker := _ASKER.match(whole)) and asker[1]:
            last = found[-1]
            found[-1] = Line(last.text, last.line, last.hashes, (*last.askers, asker[1]))
    return found


@dataclass(frozen=True)
class Locked:
    """A package as a lock has it, at one version."""

    name: str
    version: str
    extras: frozenset[str]
    line: Line

    @property
    def askers(self) -> frozenset[str]:
        """The packages that it is there for, by their names."""
        found = (asker.partition("[")[0] for asker in self.line.askers if not asker.startswith("-"))
        return frozenset(found)


def locked(listed: Iterable[Line]) -> Iterator[Locked]:
    """The packages of a lock's lines; a line that is not one version of a package is left out."""
    for line in listed:
        requirement = line.requirement()
        if requirement and (version := version_of(requirement)):
            yield Locked(name_of(requirement), version, frozenset(requirement.extras), line)


def version_of(requirement: Requirement) -> str:
    """The one version that a requirement allows, "" where there may be others."""
    specifiers = list(requirement.specifier)
    exact = len(specifiers) == 1 and specifiers[0].operator == "==" and "*" not in specifiers[0].version
    return specifiers[0].version if exact else ""


def name_of(requirement: Requirement) -> str:
    """The name of a requirement's package as registries and locks write it."""
    from packaging.utils import canonicalize_name

    return canonicalize_name(requirement.name)


def python_of(lock: str) -> str:
    """The Python that a lock holds for, such as `3.12`, as its command says; "" where it does not."""
    found = _PYTHON.search(lock)
    return found[1] if found else ""


def of_image(listed: Iterable[Line], python: str) -> dict[str, Locked]:
    """The packages of a lock by name, but for those whose marker leaves them out of an image with this Python."""
    return {each.name: each for each in locked(listed) if _is_in(each.line.requirement(), python)}


def _is_in(requirement: Requirement | None, python: str) -> bool:
    return requirement is None or applies(requirement, python)


def applies(requirement: Requirement, python: str) -> bool:
    """Whether a requirement is one in an image with this Python: CPython on Linux on x86_64.

    One whose marker cannot be told is.
    """
    try:
        return requirement.marker is None or requirement.marker.evaluate(_environment(python))
    except ValueError:
        return True


def _environment(python: str) -> dict[str, str]:
    return {
        "python_version": python, "python_full_version": f"{python}.0", "implementation_version": f"{python}.0",
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
        "os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64",
        "platform_release": "", "platform_version": "", "extra": "",
    }  # fmt: skip


def encoding_of(text: str) -> str:
    """The encoding that a file of requirements says it is in, in which pip reads it whatever it looks like."""
    found = (_ENCODING.match(line) for line in text.split("\n")[:2])
    return next((each[1] for each in found if each), "")


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Each line with those that a backslash at its end goes on in, and the number of the first.

    As pip has it: a comment of its own line goes on in none, whatever it ends in.
    """
    begun, parts = 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        begun = begun if parts else number
        ends = not line.endswith("\\") or _OWN_LINE.match(line)
        parts.append(line if ends else line.strip("\\"))
        if ends:
            yield begun, " ".join(parts) if len(parts) > 1 else parts[0]
            parts = []
    if parts:
        yield begun, " ".join(parts)
