"""`make audit`: what the registry says today of the packages that are locked.

That is whether a release has been withdrawn (yanked, PEP 592), whether it still has the files whose hashes are locked,
and whether it has a wheel at all, since code of one without runs when it is installed. The registry is asked by uv.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generators.catalogue.locks import LOCK, Locked, lines, locked, python_of
from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.output import report

_OLDEST = "3.11"  # the Python that a lock of several is made for
_YANKED = re.compile(r"`([\w.-]+)==([^`]+)` is yanked(?: \(reason: \"(.*)\"\))?")
_NEWER = "take another release, and run: make lock"


@dataclass(frozen=True)
class Answer:
    """What uv says of a lock: the same releases with all their hashes, as a `pylock.toml`, and its warnings."""

    hashed: str
    pylock: str
    warnings: str


def problems(file: str, text: str, answer: Answer) -> Iterator[Finding]:
    """What is wrong with a lock by what the registry answers, each at its line."""
    listed = {(each.name, each.version): {*each.line.hashes} for each in locked(lines(answer.hashed))}
    yanked = {(name, version): reason or "" for name, version, reason in _YANKED.findall(answer.warnings)}
    packages = tomllib.loads(answer.pylock).get("packages", [])
    wheelless = {(each["name"], each.get("version")) for each in packages if "sdist" in each and not each.get("wheels")}
    for each in locked(lines(text)):
        key = (each.name, each.version)
        if key in yanked:
            yield _finding("invalid", "yanked", file, each, "was withdrawn by its authors", yanked[key], _NEWER)
        if strangers := sorted({*each.line.hashes} - listed.get(key, set())):
            message, fix = "is locked by a hash that no file of it at the registry has", "find out who locked it"
            yield _finding("invalid", "hash", file, each, message, ", ".join(strangers), fix)
        if key in wheelless:
            message = "has no wheel, so code of it runs wherever it is installed"
            yield _finding(
                "warning", "no-wheel", file, each, message, each.line.text, "read its setup.py, or do without"
            )


def asked(repository: Repository, file: str) -> Answer:
    """What uv says of a lock; GraftError where it cannot say it, as for a release that is gone."""
    python = python_of(repository.text(file)) or _OLDEST
    ask = ("--no-deps", "--universal", "--python-version", python, "--no-header", "--no-annotate", file)
    hashed, warnings = _uv(repository.root, "--generate-hashes", *ask)
    pylock, _ = _uv(repository.root, "--format", "pylock.toml", *ask)
    return Answer(hashed, pylock, warnings)


def audit(repository: Repository, files: Sequence[str]) -> list[Finding]:
    """The findings of these locks."""
    return [each for file in files for each in problems(file, repository.text(file), asked(repository, file))]


def main() -> None:
    """Print the findings of every lock of this repository; exit 1 where one fails, or where there is no answer."""
    repository = Repository.find(Path.cwd())
    try:
        findings = audit(repository, [*repository.files(LOCK), *repository.files(f"components/*/{LOCK}")])
    except GraftError as error:
        sys.exit(f"audit: {error.message}\n  {error.fix}")
    report.print_findings(findings, sys.stdout, "text", report.as_it_is)
    sys.exit(any(each.failing for each in findings))


def _uv(folder: Path, *arguments: str) -> tuple[str, str]:
    """What `uv pip compile` prints, and what it says besides."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--no-progress", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GraftError(f"{arguments[-1]}: uv cannot find all of it: {done.stderr.strip()}", _NEWER)
    return done.stdout, done.stderr


def _finding(verdict: str, rule: str, file: str, each: Locked, message: str, found: str, fix: str) -> Finding:
    told = f"{each.name} {each.version} {message}"
    return Finding(verdict, "registry", rule, Place(file, each.line.line), "", told, found, fix=fix)


if __name__ == "__main__":
    main()
