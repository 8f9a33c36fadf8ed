"""One state of a repository, as far as another differs from it: rendered in memory, or read from a commit.

The objects of a commit are those that it holds, which clusters run; its inputs are read by graft as it is now, from a
temporary copy, where they are not those of the checkout.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from generators.checks.approvals import DESTROYS, WEAKENS
from generators.checks.history.approvals import in_force
from generators.checks.history.change import merge_base
from generators.checks.rule_changes.changes import changes as rule_changes
from generators.checks.rule_changes.model import CHANGED
from generators.delivery.names import PLATFORM
from generators.diff.comparison import compare
from generators.diff.model import Change, RuleLine
from generators.diff.shapes import definition_of
from generators.diff.state import Side
from generators.errors import GraftError
from generators.fleet import environments as described
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments
from generators.fleet.fleet import Fleet
from generators.fleet.git import changed_files, checked_out, git
from generators.fleet.manifests import RENDERED
from generators.fleet.objects import Objects, read, texts_of_revision
from generators.inventory.explain import place_of
from generators.inventory.paths import KeyPath
from generators.inventory.read import Repository
from generators.ir import definitions
from generators.ir.definitions import Definition
from generators.model import Finding

_INPUTS = ("base", "environments", "schemas")
_MACHINE_WRITTEN = (f"{RENDERED}/", f"{definitions.FOLDER}/")
_IN_PIPELINE = 4  # slashes in rendered/<environment>/<cluster>/<pipeline>/<file>
_MAINS = ("origin/main", "main")


def changes(repository: Repository, ref: str = "", now: datetime | None = None) -> Change:
    """What the checkout does to what was deployed where it left a revision; by default the main branch.

    Refused where the checkout has findings, GraftError where there is no such revision.
    """
    commit, cache = merge_base(repository, ref or main(repository)), Cache.of_user()
    fleet, rendering = manifests.accepted(repository, "", cache)
    texts = {f"{RENDERED}/{path}": content for path, content in rendering.tree.items()}
    there = blobs(repository, commit)
    differing = {file for file in there.keys() - texts.keys() if file.endswith(".yaml")}
    differing |= {file for file, content in texts.items() if there.get(file) != _blob(content.text())}
    wanted = _with_folders(differing, {*there, *texts})
    old = texts_of_revision(repository, commit, wanted)
    before = {file: read(cache, f"{commit}:{file}", text) for file, text in old.items()}
    after = {file: read(cache, file, texts[file].text()) for file in sorted(wanted & texts.keys())}
    with ExitStack() as stack:
        inputs, notes = stack.enter_context(_inputs_of(repository, commit, fleet, cache))
        base = _base(repository, commit, ref, before, tuple(there), inputs)
        head = of_fleet(fleet, after, tuple(texts))
        changed = tuple(_changed_files(repository, commit))
        notes = (*notes, *_approvals(repository, commit))
        return compare(base, head, now, changed, notes, _rules(fleet, commit, inputs, cache))


def _approvals(repository: Repository, commit: str) -> Iterator[str]:
    """What the change approves itself, which nothing refuses any more: a person has to have meant it."""
    names: dict[tuple[str, str], list[str]] = {}
    for what in (DESTROYS, WEAKENS):
        for each in in_force(repository, commit, what)[0].values():
            names.setdefault((each.place.file, each.reason), []).append(each.name)
    for (file, reason), approved in names.items():
        yield f"{file} approves {', '.join(approved)}: {reason}"


def _rules(fleet: Fleet, commit: str, before: Environments | None, cache: Cache) -> Iterator[RuleLine]:
    """The rules that a change changes, those first that refuse less."""
    repository = fleet.repository

    def own() -> Iterator[Finding]:
        from generators.checks import registry  # all checks, which `graft diff` needs for nothing else

        yield from registry.judge(repository, cache).findings

    found = rule_changes(repository, commit, fleet, own, cache, before)
    for each in sorted(found, key=lambda each: each.rule == CHANGED):
        message = f"{each.path}: {each.message}" if each.path else each.message
        origin = f"{each.place.file}:{each.place.line}" if each.place.line else each.place.file
        yield RuleLine(each.rule != CHANGED, origin, message)


def main(repository: Repository) -> str:
    """The branch that clusters run, as far as this checkout knows one."""
    for name in _MAINS:
        try:
            git(repository, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GraftError:
            continue
        return name
    return "HEAD"


def blobs(repository: Repository, commit: str) -> dict[str, str]:
    """The files of `rendered/` at a commit with the ids of their contents."""
    listed = git(repository, "ls-tree", "-r", "-z", commit, "--", RENDERED).decode()
    entries = (entry.split("\t", 1) for entry in listed.split("\0")[:-1])
    return {name: facts.split()[2] for facts, name in entries}


def _with_folders(files: set[str], every: set[str]) -> set[str]:
    """The files, and with one of a pipeline on a cluster all others of its folder."""
    folders = {file.rpartition("/")[0] for file in files if file.count("/") == _IN_PIPELINE}
    beside = {file for file in every if file.count("/") == _IN_PIPELINE and file.rpartition("/")[0] in folders}
    return files | {file for file in beside if file.endswith(".yaml") and file.split("/")[3] != PLATFORM}


def _blob(text: str) -> str:
    """The id that Git gives a content (SHA-1; in a repository of another hash all files count as different)."""
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _base(
    repository: Repository, commit: str, ref: str, objects: Objects, files: tuple[str, ...], inputs: Environments | None
) -> Side:
    label = f"{ref or main(repository)} ({commit[:10]})"
    known = dict(_committed_definitions(repository, commit, objects))
    sizes, runs = _sizes(repository, commit), _runs(repository, commit)
    side = Side(label, objects, files, sizes, definitions=known, runs=runs)
    return side if inputs is None else _with_inputs(side, inputs)


def of_fleet(fleet: Fleet, objects: Objects, files: tuple[str, ...]) -> Side:
    """The side of a fleet as it is described now, with the objects that are rendered of it."""
    found = {
        (pipeline.name, each.hash): each
        for name, environment in fleet.environments.items()
        for pipeline in environment.pipelines
        if (each := fleet.definition(name, pipeline.name))
    }
    runs = {
        (name, pipeline.name): each.hash
        for name, environment in fleet.environments.items()
        for pipeline in environment.pipelines
        if (each := fleet.definition(name, pipeline.name))
    }
    side = Side("the checkout", objects, files, definitions=found, runs=runs)
    return _with_inputs(side, fleet.files)


def _with_inputs(side: Side, inputs: Environments) -> Side:
    described_ = {name: each for name, each in inputs.described.items() if each.sound}

    def place(environment: str, path: KeyPath) -> str:
        merged = inputs.merged(environment) if environment in described_ else None
        if merged is None or not any(origin.used for origin in merged.trace.origins(path)):
            return ""
        found = place_of(merged, path)
        return f"{found.file}:{found.line}"

    models = {name: each.environment for name, each in described_.items()}
    documents = {name: each.document for name, each in described_.items()}
    return replace(side, environments=models, documents=documents, place=place)


@contextmanager
def _inputs_of(
    repository: Repository, commit: str, fleet: Fleet, cache: Cache
) -> Iterator[tuple[Environments | None, tuple[str, ...]]]:
    """What the inputs of a commit describe, None with a note where graft as it is now cannot read them."""
    if not _changed_files(repository, commit, *_INPUTS):
        yield fleet.files, ()
        return
    with checked_out(repository, commit, _INPUTS) as there:
        yield _described(there, commit, cache)


def _described(there: Repository, commit: str, cache: Cache) -> tuple[Environments | None, tuple[str, ...]]:
    try:
        return described.load(there, cache), ()
    except (GraftError, KeyError, TypeError, ValueError) as error:
        reason = error.message if isinstance(error, GraftError) else f"{type(error).__name__}: {error}"
        return None, (f"the inputs of {commit[:10]} cannot be read by this graft ({reason}): values without places",)


def _changed_files(repository: Repository, commit: str, *folders: str) -> list[str]:
    """The files that differ from a commit's, and that no render writes."""
    return [name for name in changed_files(repository, commit, *folders) if not name.startswith(_MACHINE_WRITTEN)]


def _committed_definitions(
    repository: Repository, commit: str, objects: Objects
) -> Iterator[tuple[tuple[str, str], Definition]]:
    """The definitions that objects name by their label, or the IR itself by a variable, as the commit has them."""
    asked = dict.fromkeys(name for file, found in objects.items() for name in _named(file, found))
    for pipeline, hash_ in asked:
        try:
            text = git(repository, "cat-file", "blob", f"{commit}:./{definitions.path_of(pipeline, hash_)}").decode()
        except GraftError:
            continue
        yield (pipeline, hash_), Definition(pipeline, text)


def _named(file: str, objects: list[Any]) -> Iterator[tuple[str, str]]:
    """The pipeline of a file, and the definition that its objects are made of."""
    if file.count("/") == _IN_PIPELINE and (found := definition_of(objects)):
        yield file.split("/")[3], found


def _sizes(repository: Repository, commit: str) -> Counter[tuple[str, str]]:
    """How many objects each cluster has, by the lines that name a kind."""
    found: Counter[tuple[str, str]] = Counter()
    for line in _grep(repository, commit, "-c", "^kind:", f"{RENDERED}/"):
        file, _, count = line.rpartition(":")
        environment, cluster = file.split("/")[1:3]
        found[environment, cluster] += int(count)
    return found


def _runs(repository: Repository, commit: str) -> dict[tuple[str, str], str]:
    """Which definition each environment runs of each pipeline, by what says which one is current."""
    found = {}
    for line in _grep(repository, commit, "-e", "^  definition:", f"{RENDERED}/*/*/*/intent.yaml"):
        file, _, value = line.partition(":  definition:")
        _, environment, _, pipeline, _ = file.split("/")
        found[environment, pipeline] = value.strip().strip('"')
    return found


def _grep(repository: Repository, commit: str, *arguments: str) -> Iterator[str]:
    try:
        found = git(repository, "grep", *arguments[:-1], commit, "--", arguments[-1])
    except GraftError:  # nothing is found
        return
    for line in found.decode().splitlines():
        yield line.partition(":")[2]
