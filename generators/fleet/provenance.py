"""Where a rendered tree comes from, as a statement that a signature can be put to.

It is an in-toto Statement v1 (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) whose predicate is
SLSA's provenance v1 (https://slsa.dev/spec/v1.1/provenance). Its subjects are all files of `rendered/` and
`definitions/` by SHA-256; what they were made from is the commit, all that rendering reads, and graft's own code. It
says nothing of when, where and by whom: who signs it does.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from generators.errors import GraftError
from generators.fleet import git
from generators.fleet.manifests import COMMAND, RENDERED
from generators.fleet.toolchain import own_code
from generators.inventory.read import Repository
from generators.ir.definitions import FOLDER as DEFINITIONS
from generators.model import Finding, Place

STATEMENT, PREDICATE = "https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1"
BUILD_TYPE = "urn:graft:render:v1"
INPUTS = ("base", "environments", "generators", "components", "schemas", "pyproject.toml", "requirements.lock")
SUBJECTS = (RENDERED, DEFINITIONS)
_COMMIT, _INPUTS, _GRAFT = "commit", "inputs", "graft"
_LEFT_BEHIND = re.compile(r"__pycache__|.*\.pyc|.*\.egg-info|\.[a-z]+_cache|\.hypothesis")
_SHORT = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!//)([^@]+)")  # a remote as ssh has it, HOST:PATH
_FIX = "name a file that graft verify --write has made"


@dataclass(frozen=True)
class Provenance:
    """What a statement says: its subjects by path, the commit, the hash of the inputs, and graft's version and code."""

    subjects: Mapping[str, str]
    commit: str
    inputs: str
    graft: str
    code: str


def of_checkout(repository: Repository) -> Provenance:
    """That of the tree as it stands on the disk."""
    files = sorted(file for folder in SUBJECTS for file in repository.files(f"{folder}/**/*"))
    hashes = {file: repository.sha256(file) for file in files}
    return Provenance(
        hashes, git.head(repository), _inputs(repository), importlib.metadata.version("graft"), own_code()
    )


def changed_since_commit(repository: Repository) -> list[str]:
    """The files of the inputs and of the tree that are not as HEAD has them, those that Git ignores included."""
    return [file for file in git.changed(repository, *INPUTS, *SUBJECTS) if not _is_left_behind(file)]


def to_text(found: Provenance, repository: Repository) -> str:
    """The statement, as JSON."""
    uri = _uri(git.origin(repository))
    commit = {"name": _COMMIT, **({"uri": uri} if uri else {}), "digest": {"gitCommit": found.commit}}
    made_from = [
        commit,
        {"name": _INPUTS, "digest": {"sha256": found.inputs}},
        {"name": _GRAFT, "digest": {"sha256": found.code}},
    ]
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": hash_}} for name, hash_ in found.subjects.items()],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"command": COMMAND, "folder": git.folder(repository)},
                "resolvedDependencies": made_from,
            },
            "runDetails": {"builder": {"id": "urn:graft", "version": {_GRAFT: found.graft}}},
        },
    }
    return json.dumps(statement, indent=2) + "\n"


def read(text: str, name: str) -> Provenance:
    """What a statement says; GraftError where it is none of a tree that graft rendered."""
    try:
        statement = json.loads(text)
        kinds = (statement["_type"], statement["predicateType"], statement["predicate"]["buildDefinition"]["buildType"])
        if kinds != (STATEMENT, PREDICATE, BUILD_TYPE):
            raise ValueError(f"it is a {' of a '.join(map(str, kinds))}")
        return _provenance(statement)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{name} is not the provenance of a tree that graft rendered: {type(error).__name__}: {error}"
        raise GraftError(message, _FIX) from None


def _provenance(statement: Mapping[str, Any]) -> Provenance:
    named = statement["subject"]
    subjects = {str(each["name"]): str(each["digest"]["sha256"]) for each in named}
    if len(subjects) != len(named):
        raise ValueError("a file is named twice")
    predicate = statement["predicate"]
    made_from = {each["name"]: each["digest"] for each in predicate["buildDefinition"]["resolvedDependencies"]}
    commit, inputs, code = made_from[_COMMIT]["gitCommit"], made_from[_INPUTS]["sha256"], made_from[_GRAFT]["sha256"]
    return Provenance(subjects, commit, inputs, predicate["runDetails"]["builder"]["version"][_GRAFT], code)


def differences(said: Provenance, found: Provenance, name: str) -> Iterator[Finding]:
    """What a statement, in the file `name`, says otherwise than the checkout is."""
    if said.commit != found.commit:
        fix = f"git checkout {said.commit}"
        yield _finding(name, "commit", "is the provenance of another commit", said.commit, found.commit, fix)
    elif said.inputs != found.inputs:
        message, fix = "was made from other inputs than are here", f"look at: git status --ignored {' '.join(INPUTS)}"
        yield _finding(name, "inputs", message, said.inputs, found.inputs, fix)
    if (said.graft, said.code) != (found.graft, found.code):
        message, fix = "was made by another graft", "install the one of that commit: make install"
        yield _finding(name, "graft", message, _graft(said), _graft(found), fix)
    for file in sorted({*said.subjects, *found.subjects}):
        if message := _difference(said.subjects.get(file), found.subjects.get(file)):
            line = int(file in found.subjects)
            fix = _restored(said) if file in said.subjects else "ask who has added it, and remove it"
            yield Finding("invalid", "provenance", "subject", Place(file, line), "", message, fix=fix)


def _difference(said: str | None, found: str | None) -> str:
    if said is None:
        return "is not named by the provenance"
    if found is None:
        return "is named by the provenance, and is missing"
    return "" if said == found else "is not the file that the provenance names: its SHA-256 is another"


def _restored(said: Provenance) -> str:
    return f"git checkout {said.commit[:12]} -- {' '.join(SUBJECTS)}, or ask who changed it"


def _graft(provenance: Provenance) -> str:
    return f"{provenance.graft} of code {provenance.code[:12]}"


def _finding(name: str, rule: str, message: str, found: str, allowed: str, fix: str) -> Finding:
    return Finding("invalid", "provenance", rule, Place(name, 0), "", message, found, allowed, fix)


def _inputs(repository: Repository) -> str:
    """The SHA-256 of what `sha256sum` would print of all files that rendering reads, sorted by their names."""
    named = (file for each in INPUTS for file in (*repository.files(each), *repository.files(f"{each}/**/*")))
    files = sorted(file for file in named if not _is_left_behind(file))
    listed = "".join(f"{repository.sha256(file)}  {file}\n" for file in files)
    return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()


def _is_left_behind(file: str) -> bool:
    """Whether running and testing code has left a file, which no rendering reads."""
    return any(_LEFT_BEHIND.fullmatch(part) for part in file.rstrip("/").split("/"))


def _uri(url: str) -> str:
    """A remote as a URI without credentials, "" where it is a folder of this machine."""
    if short := _SHORT.fullmatch(url):
        return f"git+ssh://{short[1]}/{short[2]}"
    parts = urlsplit(url)
    return f"git+{urlunsplit(parts._replace(netloc=parts.netloc.rpartition('@')[2]))}" if parts.netloc else ""
