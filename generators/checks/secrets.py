"""Whether a credential stands anywhere in plain text: what is in Git is in every clone of it, for ever.

Looked at is what people write, and the definitions that are compiled from it; `rendered/` holds nothing that is not in
these. A line that says `not a credential` is taken at its word, which a reviewer sees.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from generators.credentials import Credential, credentials
from generators.credentials.finder import HIDDEN
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository
from generators.model import Finding, Place

ALLOWED = "not a credential"
_KIND = "secrets"
_CODE = ("generators/pipelines/**/*.py", "components/**/*.py")  # what definitions are compiled from
_WRITTEN = (
    "base/**/*", "environments/**/*", "components/**/*", _CODE[0], "approvals/**/*", "docs/**/*", ".github/**/*",
    "README.md",
)  # fmt: skip
_DEFINITIONS = "definitions/*/*.json"
_QUOTED = (".py", ".json", ".ipynb")  # where a value has quotes, and what has none is code
_FIX = (
    "take it out and change it, as it may be in Git's history already; name it by reference, "
    "{secret: <Secret>, key: <key>}, or say in a comment of its line that it is "
) + ALLOWED
_LARGEST = 4 << 20  # bytes; what is larger is data, and no place where a person would look


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for each credential; one that a definition has from the code is told, or allowed, at the code alone."""
    repository = fleet.repository
    for pattern in _WRITTEN:
        yield from (finding for finding, _ in _of_files(fleet, repository.files(pattern)))
    if compiled := _of_files(fleet, repository.files(_DEFINITIONS)):
        code = [
            repository.content(file).decode("utf-8", "replace") for each in _CODE for file in repository.files(each)
        ]
        yield from (finding for finding, value in compiled if not any(value in text for text in code))


def _of_files(fleet: Fleet, files: Iterable[str]) -> list[tuple[Finding, str]]:
    """The findings of some files, each with the value that it does not show; none are looked for in files as before."""
    repository, named = fleet.repository, tuple(file for file in files if "__pycache__" not in file)
    key = fleet.cache.key(*(part for file in named for part in (file, repository.sha256(file))))
    if fleet.cache.get(_KIND, key):
        return []
    found = [each for file in named for each in _of_file(repository, file)]
    if not found:
        fleet.cache.put(_KIND, key, True)
    return found


def _of_file(repository: Repository, file: str) -> list[tuple[Finding, str]]:
    content = repository.content(file)
    if b"\0" in content[:8192] or len(content) > _LARGEST:
        return []
    text = content.decode("utf-8", "replace")
    return [(finding, text[each.start : each.end]) for each, finding in problems(file, text)]


def problems(file: str, text: str) -> Iterator[tuple[Credential, Finding]]:
    """What is wrong with a file's text: each credential in it, with a finding that does not show it."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    for each in credentials(text, code=file.endswith(_QUOTED)):
        line = bisect_right(starts, each.start)
        begins = starts[line - 1]
        if ALLOWED not in text[begins : starts[line]]:
            place = Place(file, line, each.start - begins + 1)
            message = f"{each.what} stands here in plain text"
            yield each, Finding("invalid", "secrets", each.rule, place, "", message, HIDDEN, fix=_FIX)
