"""`graft rollback`: an environment pinned to what it ran before, and held there until somebody says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generators.edit import history, moves, overlay
from generators.edit.accepted import Accepted, accept
from generators.edit.history import Ran
from generators.edit.moves import Edit
from generators.errors import GraftError, Refused
from generators.fleet import git
from generators.fleet.environments import file_of
from generators.fleet.fleet import Fleet
from generators.inventory.read import find, plain, read_document
from generators.ir import definitions
from generators.ir.definitions import Definition
from generators.model import UNBUILT, Environment, Image, Pipeline
from generators.suggestions import did_you_mean


@dataclass(frozen=True)
class Rollback:
    """The definition before and after, the edit, and whether the pipeline's model is served."""

    before: str
    after: str
    accepted: Accepted
    serves: bool


def rollback(fleet: Fleet, environment: str, name: str, reason: str, to: str = "") -> Rollback:
    """The edit that pins what ran before, or `to`, and holds it; GraftError where nothing did."""
    fleet.files.require(environment)
    pipeline = _pipeline(fleet, environment, name)
    current = fleet.definition(environment, name)
    if current is None:
        raise Refused(fleet.findings_of(environment), f"what {environment} runs cannot be known until this is mended")
    ran = history.ran(fleet.repository, environment, name)
    target = _wanted(ran, current.hash, to, environment, name)
    restored = _restored(fleet, name, target.definition)
    definition = _definition(fleet, name, target.definition, restored)
    edits: list[Edit] = [
        *moves.pin(name, target.definition, tracks=not pipeline.definition),
        (("pipelines", name, "hold"), reason),
        *_images(fleet, environment, definition, target.commit),
    ]
    own = overlay.of(fleet.repository, environment)
    accepted = accept(fleet.repository, {own.merged.file: own.set(*edits), **restored}, fleet.cache, {})
    return Rollback(current.hash, target.definition, accepted, pipeline.serve is not None)


def _pipeline(fleet: Fleet, environment: str, name: str) -> Pipeline:
    known = {each.name: each for each in fleet.environments[environment].pipelines}
    if name not in known:
        raise GraftError(f"{environment} does not run {name}; it runs {', '.join(known)}", did_you_mean(name, known))
    return known[name]


def _wanted(ran: list[Ran], current: str, to: str, environment: str, name: str) -> Ran:
    others = list(dict.fromkeys(each.definition for each in ran if each.definition != current))
    if to:
        if to == current:
            raise GraftError(f"{environment} runs {name} {to} already", "")
        if found := next((each for each in ran if each.definition == to), None):
            return found
        said = f"it has run: {', '.join(others) or 'nothing else'}"
        raise GraftError(f"{environment} has never run {name} {to} on this branch; {said}", did_you_mean(to, others))
    if found := history.before(ran, current):
        return found
    message = f"nothing is known to have run before {name} {current} in {environment} on this branch"
    named = f"name one that it has run: --to {' or '.join(others)}" if others else ""
    raise GraftError(message, named or "is this clone shallow? run: git fetch --unshallow")


def _restored(fleet: Fleet, name: str, hash_: str) -> dict[str, str]:
    """The definition's file as the newest commit that had it has it, where `graft prune` has removed it."""
    path = definitions.path_of(name, hash_)
    if fleet.repository.exists(path):
        return {}
    commit = git.last_commit_with(fleet.repository, path)
    if not commit:
        raise GraftError(f"{path} is in no commit of this clone", "run: git fetch --unshallow --all")
    return {path: git.content_at(fleet.repository, commit.split()[0], path)}


def _definition(fleet: Fleet, name: str, hash_: str, restored: dict[str, str]) -> Definition:
    return Definition(name, fleet.repository.edited(restored).text(definitions.path_of(name, hash_)))


def _images(fleet: Fleet, environment: str, definition: Definition, commit: str) -> Iterator[Edit]:
    """The digests that the overlay listed when the definition ran, where it lists them no more."""
    target = fleet.environments[environment]
    yield from moves.images(_as_it_was(fleet, target, commit), target, definition)


def _as_it_was(fleet: Fleet, target: Environment, commit: str) -> Environment:
    """The environment with the images that its file listed in a commit."""
    file = file_of(target.name)
    node = find(read_document(file, git.content_at(fleet.repository, commit, file)).root, ("parameters", "images"))
    listed = plain(node) if node else {}
    images = {
        name: Image(reference=said) if isinstance(said, str) else Image({k: v for k, v in said.items() if v != UNBUILT})
        for name, said in (listed.items() if isinstance(listed, dict) else ())
    }
    return replace(target, images=images)
