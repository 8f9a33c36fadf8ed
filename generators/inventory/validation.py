"""Every check of the inventory alone: each file as written, each environment as merged, and all of them together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from generators.inventory import merge, redundant
from generators.inventory.environments import environment_from
from generators.inventory.explain import place_of
from generators.inventory.origin import sources
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem, shown
from generators.inventory.read import Document, Node, find, plain
from generators.inventory.recovery.document import Guesses, repaired
from generators.inventory.schema import validator
from generators.inventory.schemas import MERGED_SCHEMA, Schemas
from generators.inventory.wording import QUOTES
from generators.model import Environment, Finding, Place

# Rules of a value that is refused as it is read: what it was taken for to go on says nothing more.
_UNREAD = ("ambiguous-scalar", "number-range", "alias", "reference-depth")


@dataclass(frozen=True)
class Inputs:
    """The environments as far as they can be made out, what each was merged into, and the findings of their files.

    `guesses` are the paths of what was put in or left out of each to go on.
    """

    environments: dict[str, Environment]
    documents: dict[str, dict[str, Any]]
    guesses: dict[str, Guesses]
    findings: tuple[Finding, ...]


def check(inventory: merge.Inventory, schemas: Schemas) -> Inputs:
    """All findings of the inventory; what reads wrong as written is not reported again as merged."""
    findings = [*inventory.findings, *as_written(inventory.documents.values(), schemas)]
    environments, documents, guesses, problems_of = {}, {}, {}, validator(schemas.merged)
    for name, merged in inventory.environments.items():
        if merged.parameters is None:
            continue
        known = {finding.place for finding in findings}
        fresh = [each for each in problems_of(merged.parameters) if not known & _places(merged, each.path)]
        in_merged = [placed(problem, merged) for problem in fresh]
        findings += [finding for finding in in_merged if finding.place not in known]
        whole, guesses[name] = repaired(merged.parameters, problems_of)
        if whole is None:
            continue
        try:
            environments[name] = environment_from(name, whole)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            findings.append(_let_through(merged, error))
            continue
        documents[name] = whole
        findings += redundant.check(merged)
    return Inputs(environments, documents, guesses, tuple(findings))


def _let_through(merged: merge.Environment, error: Exception) -> Finding:
    """The finding of an environment that the schema accepts and that is none: somebody has loosened the schema."""
    message = f"{MERGED_SCHEMA} accepts this, and it cannot be read: {type(error).__name__}: {error}"
    fix = f"restore the schema: git checkout -- {MERGED_SCHEMA}"
    return Finding("invalid", "schema", "unreadable", Place(merged.file), "", message, fix=fix)


def _places(merged: merge.Environment, path: KeyPath) -> set[Place]:
    """Where the value at a path was really written, however many references it came through."""
    origins = [origin for origin in merged.trace.origins(path) if origin.used]
    return {node.place for origin in origins for node in sources(origin)}


def placed(problem: Problem, merged: merge.Environment, verdict: str = "invalid") -> Finding:
    """A problem of merged parameters as a finding, at the line that set the value, or at a place of its own."""
    if problem.place:
        return problem.at(problem.place, verdict)
    used = [origin for origin in merged.trace.origins(problem.path) if origin.used]
    written = sources(used[-1]) if used else []
    problem = _in_its_words(problem, written[-1]) if written else problem
    whole = merged.layers[-1].parameters.entry_place
    place = place_of(merged, problem.path, key=problem.about_key) if problem.path else whole
    return problem.at(place, verdict)


def as_written(documents: Iterable[Document], schemas: Schemas) -> Iterator[Finding]:
    """The findings of files by themselves, whatever they add up to."""
    node, class_ = validator(schemas.node), validator(schemas.class_)
    for document in documents:
        if document.whole:
            yield from _file(document, node if document.file.startswith("environments/") else class_)


def of_file(document: Document, problems_of: Callable[[Any], Iterable[Problem]]) -> Iterator[Finding]:
    """The findings of a file that is no part of the inventory, each at its value's line or at the nearest above."""
    for problem in problems_of(plain(document.root)):
        yield problem.at(_place_in(document, problem) if problem.path else Place(document.file))


def _file(document: Document, problems_of: Callable[[Any], Iterable[Problem]]) -> Iterator[Finding]:
    for problem in problems_of(plain(document.root)):
        path = problem.path[1:] if problem.path[:1] == ("parameters",) else problem.path
        node = find(document.root, problem.path)
        told = _in_its_words(problem, node) if node else problem
        yield replace(told, path=path).at(_place_in(document, problem))


def _in_its_words(problem: Problem, node: Node) -> Problem:
    """A problem of a number, or of true or false, with the text that stands in the file: 1.10 for 1.1."""
    if not node.written or isinstance(node.value, str | None) or problem.found != shown(node.value):
        return problem
    fix = problem.fix.replace(f'"{json.dumps(node.value)}"', f'"{node.written}"')
    return replace(problem, found=node.written, fix=fix)


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without those that another one has told already: what a value that could not be read is taken for, and
    one of two words for a value of another kind.

    Where text is wanted, a number that readers disagree on is text that lacks its quotes.
    """
    findings = list(dict.fromkeys(findings))
    unread = {each.place: each for each in findings if each.check == "read" and each.rule in _UNREAD}
    text = {each.place for each in findings if each.rule == "type" and each.fix.endswith(QUOTES)}
    told = {(each.place.file, each.path, each.rule) for each in findings}

    def is_told(each: Finding) -> bool:
        at = (each.place.file, each.path)
        as_another_kind = each.rule == "change-of-kind" and (*at, "type") in told
        as_classes = each.rule == "type" and (*at, "classes") in told
        return unread.get(each.place, each) != each or as_another_kind or as_classes

    left = [each for each in findings if not is_told(each)]
    return [
        replace(each, fix=f'write "{each.found}"{QUOTES}') if each.place in text & unread.keys() else each
        for each in left
    ]


def _place_in(document: Document, problem: Problem) -> Place:
    """The key, for a problem with a key; the value otherwise; or the nearest thing above it that is there."""
    for length in range(len(problem.path), 0, -1):
        node = find(document.root, problem.path[:length])
        if node:
            about_key = problem.about_key or length < len(problem.path) or isinstance(node.value, dict | tuple)
            return node.entry_place if about_key else node.place
    return document.root.place
