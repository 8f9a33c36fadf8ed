"""Whether every schema refuses something: one that accepts everything disarms what is checked by it, without a word."""

from __future__ import annotations

from collections.abc import Iterator

from generators.checks.schemas import ENDING
from generators.errors import Unreadable
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository
from generators.inventory.schema import accepting, json_schema
from generators.model import Finding, Place
from generators.output.digest import digest

_KIND = "empty-schemas"
_FOLDER, _OF_OUTPUT = "schemas", "schemas/output/"
_ANYTHING = (None, False, -0.5, "\0", [[]], {"\0": []})  # a value of each kind that nobody means


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for each schema that accepts whatever it is given."""
    repository = fleet.repository
    files = [file for file in repository.files(f"{_FOLDER}/**/*{ENDING}") if not file.startswith(_OF_OUTPUT)]
    key = fleet.cache.key(digest(*(part for file in files for part in (file, repository.sha256(file)))))
    if fleet.cache.get(_KIND, key):
        return
    found = [finding for file in files for finding in _of_file(repository, file)]
    yield from found
    if not found:
        fleet.cache.put(_KIND, key, True)


def _of_file(repository: Repository, file: str) -> Iterator[Finding]:
    try:
        is_valid = accepting(json_schema(repository, file))
    except Unreadable as error:
        yield from error.findings
        return
    if all(map(is_valid, _ANYTHING)):
        message = "this schema accepts everything, so nothing is checked by it"
        fix = f"restore it: git checkout -- {file}, or remove it"
        yield Finding("invalid", "schema", "empty", Place(file), "", message, fix=fix)
