"""`graft promote`: what one environment has proved, carried to the next one by the smallest edit of its overlay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from generators.edit import moves, overlay
from generators.edit.accepted import Accepted, accept
from generators.edit.moves import Edit
from generators.edit.overlay import Overlay
from generators.edit.sameness import sameness
from generators.errors import GraftError, Refused
from generators.fleet.fleet import Fleet
from generators.inventory.explain import place_of
from generators.inventory.paths import format_path
from generators.inventory.read import plain
from generators.ir.definitions import Definition
from generators.live.outcomes.outcome import FAILED, UNKNOWN, Outcome, verdict
from generators.model import Environment, Finding, Pipeline, Place
from generators.suggestions import did_you_mean

Ask = Callable[[Environment, Pipeline, Definition], Sequence[Outcome]]


@dataclass(frozen=True)
class Wanted:
    """What is asked for: from where, to where, which pipelines (none: all that both run and that TO pins).

    `parameters` are the names of those to carry; `all_parameters` carries every one that FROM's own file sets.
    """

    source: str
    target: str
    pipelines: Sequence[str] = ()
    parameters: Sequence[str] = ()
    all_parameters: bool = False
    unproven: bool = False


@dataclass(frozen=True)
class Move:
    """One pipeline: the definition before and after, what is known of it where it comes from, and the edits."""

    pipeline: str
    before: str
    after: str
    edits: tuple[Edit, ...]
    outcomes: tuple[Outcome, ...] = ()
    same: str = ""

    @property
    def is_nothing(self) -> bool:
        return not self.edits


@dataclass(frozen=True)
class Promotion:
    """The moves, and the edit that makes them, None where there is nothing to promote."""

    moves: tuple[Move, ...]
    accepted: Accepted | None
    left: Mapping[str, str] = field(default_factory=dict)


def promotion(fleet: Fleet, wanted: Wanted, ask: Ask) -> Promotion:
    """The edit of TO's overlay; GraftError or Refused, and nothing written, where something speaks against it.

    `ask` says what became of a definition's runs in FROM.
    """
    for name in (wanted.source, wanted.target):
        fleet.files.require(name)
        if failing := [finding for finding in fleet.findings_of(name) if finding.failing]:
            raise Refused(failing, f"what {name} runs cannot be known until this is mended")
    if wanted.source == wanted.target:
        raise GraftError(f"{wanted.source} cannot be promoted to itself", "name two environments")
    own, other = (overlay.of(fleet.repository, name) for name in (wanted.target, wanted.source))
    chosen, left = _chosen(fleet, wanted)
    found = [_move(fleet, wanted, name, own, other) for name in chosen]
    _require_unheld(fleet, wanted, [each for each in found if not each.is_nothing])
    asked = [_asked(fleet, wanted, each, ask) for each in found]
    _require_proof(wanted, asked)
    edits = [edit for each in asked for edit in each.edits]
    if not edits:
        return Promotion(tuple(asked), None, left)
    accepted = accept(fleet.repository, {own.merged.file: own.set(*edits)}, fleet.cache, {})
    compared = [_compared(accepted, wanted, each) for each in asked]
    return Promotion(tuple(compared), accepted, left)


def _chosen(fleet: Fleet, wanted: Wanted) -> tuple[list[str], dict[str, str]]:
    """The pipelines to promote, and those that are left out with the reason; a named one may not be left out."""
    source, target = (_pipelines(fleet, name) for name in (wanted.source, wanted.target))
    for name in wanted.pipelines:
        for environment, pipelines in ((wanted.source, source), (wanted.target, target)):
            if name not in pipelines:
                message = f"{environment} does not run {name}; it runs {', '.join(pipelines)}"
                raise GraftError(
                    message, did_you_mean(name, pipelines) or f"list its class in environments/{environment}.yml"
                )
    chosen, left = [], {}
    for name in wanted.pipelines or [name for name in target if name in source]:
        if target[name].definition:
            chosen.append(name)
            continue
        reason = f"{wanted.target} follows the head of {name}, so it runs what this branch has already"
        if wanted.pipelines:
            raise GraftError(
                reason,
                f"pin it to promote to it: graft set {wanted.target} "
                f"pipelines.{name}.definition=HASH --unset pipelines.{name}.track",
            )
        left[name] = reason
    return chosen, left


def _move(fleet: Fleet, wanted: Wanted, name: str, own: Overlay, other: Overlay) -> Move:
    definition = fleet.definition(wanted.source, name)
    if not fleet.repository.exists(definition.path):
        message = f"{wanted.source} runs {name} {definition.hash}, which was not rendered"
        raise GraftError(message, "run: graft render, commit it, and let it run there")
    source, target = fleet.environments[wanted.source], fleet.environments[wanted.target]
    before = _pipelines(fleet, wanted.target)[name].definition
    edits = list(moves.pin(name, definition.hash, tracks=False)) if before != definition.hash else []
    edits += [*moves.images(source, target, definition), *_parameters(wanted, name, own, other)]
    return Move(name, before, definition.hash, tuple(edits))


def _parameters(wanted: Wanted, pipeline: str, own: Overlay, other: Overlay) -> Iterator[Edit]:
    """The parameters asked for as FROM's own file says them; one that it leaves to the classes is left to them."""
    where = ("pipelines", pipeline, "parameters")
    said = other.written(where)
    names = list(wanted.parameters)
    if wanted.all_parameters and said is not None:
        names += [name.removeprefix("~") for name in plain(said)]
    for name in dict.fromkeys(names):
        path = (*where, name)
        theirs, ours = other.written(path), own.written(path)
        if theirs is None and name not in (other.merged.parameters["pipelines"][pipeline].get("parameters") or {}):
            if len(wanted.pipelines) == 1:
                known = other.merged.parameters["pipelines"][pipeline].get("parameters") or {}
                raise GraftError(f"{wanted.source} has no {format_path(path)}", did_you_mean(name, known))
            continue
        if theirs is None and ours is not None:
            yield path, None
        elif theirs is not None and (ours is None or plain(ours) != plain(theirs)):
            yield path, plain(theirs)


def _require_unheld(fleet: Fleet, wanted: Wanted, found: Sequence[Move]) -> None:
    held = []
    for each in found:
        for name in (wanted.target, wanted.source):
            if reason := _pipelines(fleet, name)[each.pipeline].hold:
                path = format_path(("pipelines", each.pipeline, "hold"))
                place = _place(fleet, name, each.pipeline)
                fix = f"when that is over: graft set {name} --unset {path}"
                held.append(Finding("invalid", "promotion", "hold", place, path, f"{name} holds it", reason, fix=fix))
    if held:
        raise Refused(held, "nothing was promoted")


def _asked(fleet: Fleet, wanted: Wanted, move: Move, ask: Ask) -> Move:
    """The move with what became of its definition, where it brings another one."""
    if move.before == move.after:
        return move
    pipeline = _pipelines(fleet, wanted.source)[move.pipeline]
    definition = fleet.definition(wanted.source, move.pipeline)
    outcomes = tuple(ask(fleet.environments[wanted.source], pipeline, definition))
    return replace(move, outcomes=outcomes)


def _require_proof(wanted: Wanted, found: Sequence[Move]) -> None:
    wrong = []
    for each in found:
        if each.before == each.after:
            continue
        said, why = verdict(each.outcomes), "\n".join(map(str, each.outcomes)) or "it runs on no cluster there"
        path = format_path(("pipelines", each.pipeline))
        if said == FAILED:
            message = f"{each.after} has failed in {wanted.source}\n{why}"
            fix = f"mend it and let it succeed in {wanted.source}"
            wrong.append(Finding("invalid", "promotion", "failed", Place(wanted.source, 0, 0), path, message, fix=fix))
        elif said == UNKNOWN and not wanted.unproven:
            message = f"it is not known that {each.after} has succeeded in {wanted.source}\n{why}"
            fix = "let it run there, or promote it all the same: --unproven"
            wrong.append(
                Finding("unchecked", "promotion", "unproven", Place(wanted.source, 0, 0), path, message, fix=fix)
            )
    if wrong:
        raise Refused(wrong, "nothing was promoted")


def _compared(accepted: Accepted, wanted: Wanted, move: Move) -> Move:
    if move.is_nothing:
        return move
    same = sameness(accepted.fleet, accepted.rendering, wanted.source, wanted.target, move.pipeline)
    return replace(move, same=same)


def _pipelines(fleet: Fleet, environment: str) -> dict[str, Pipeline]:
    return {each.name: each for each in fleet.environments[environment].pipelines}


def _place(fleet: Fleet, environment: str, pipeline: str) -> Place:
    return place_of(fleet.files.merged(environment), ("pipelines", pipeline, "hold"))
