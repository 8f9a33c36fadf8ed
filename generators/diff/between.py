"""Two environments, or two definitions of a pipeline, beside one another: what they say, and not what becomes of it."""

from __future__ import annotations

import json
from dataclasses import replace

from generators.diff.inputs import inputs
from generators.diff.loading import of_fleet
from generators.diff.model import Change, InputChange, Line, PipelineChange
from generators.diff.sentence import short
from generators.diff.state import Side
from generators.diff.tasks import tasks
from generators.diff.values import lines
from generators.engines.engine import ALWAYS_IN_KEY, CacheRule
from generators.errors import GraftError
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.inventory.read import Repository
from generators.ir import definitions
from generators.ir.definitions import Definition
from generators.ir.normal_form import Shape, shape_of
from generators.ir.overlay import OWN_VARIABLES, overlay
from generators.model import Cluster, Environment, Pipeline

_ANY = CacheRule(ALWAYS_IN_KEY | {"variable", "secret", "volume"}, False, "a cache")
_FEW = 3


def environments(repository: Repository, one: str, other: str) -> Change:
    """What `other` says differently from `one`, by clusters that the same engine runs where both have one."""
    fleet, _ = manifests.accepted(repository, "", Cache.of_user())
    for name in (one, other):
        fleet.files.require(name)
    side = of_fleet(fleet, {}, ())
    base, head = _as(side, one, other), _as(side, other, other)
    here, there = fleet.environments[one], fleet.environments[other]
    found = []
    for name in sorted({each.name for each in (*here.pipelines, *there.pipelines)}):
        before, after = (_shape(fleet, each, name, there if each is here else here) for each in (here, there))
        hashes = side.runs.get((one, name), ""), side.runs.get((other, name), "")
        if not (before and after):
            action = "created" if after else "deleted"
            found.append(PipelineChange(name, other, ((other, "", ""),), action, hashes))
            continue
        said = [line for line in lines(before, after, base, head, (other, name)) if line.name not in OWN_VARIABLES]
        if said or hashes[0] != hashes[1]:
            found.append(PipelineChange(name, other, ((other, "", ""),), "updated", hashes, lines=tuple(said)))
    change = Change(one, other, pipelines=tuple(found), inputs=_inputs(base, head, found))
    return replace(change, sentence=_environments(change))


def two_definitions(repository: Repository, one: str, other: str) -> Change:
    """What the second of two definitions of a pipeline, each by the start of its hash, does differently."""
    old, new = (_definition(repository, prefix) for prefix in (one, other))
    if old.pipeline != new.pipeline:
        message = f"{old.hash} is a definition of {old.pipeline}, and {new.hash} of {new.pipeline}"
        raise GraftError(message, "name two definitions of one pipeline")
    before, after = (shape_of(each.spec, each.platform) for each in (old, new))
    said = list(lines(before, after, Side(old.hash), Side(new.hash), ("", new.pipeline)))
    for name in sorted(old.sources.keys() | new.sources.keys()):
        if (was := old.sources.get(name)) != (is_ := new.sources.get(name)):
            said.append(Line("source", "", name, was, is_, new.path))
    planned = tasks(before, after, said, _ANY, "on merge", {})
    row = PipelineChange(
        new.pipeline, "", (("", "", ""),), "updated", (old.hash, new.hash), lines=tuple(said), tasks=planned
    )
    pipelines = (row,) if old.hash != new.hash else ()
    changed = sum(task.category not in ("", "metadata only") for task in planned)
    sentence = (
        f"{new.pipeline}: {new.hash} differs from {old.hash} in {len(said)} values; {changed} of {len(planned)} steps"
    )
    same = f"{new.hash} is one definition of {new.pipeline}."
    return Change(old.hash, new.hash, f"{sentence} change." if pipelines else same, pipelines=pipelines)


def _inputs(base: Side, head: Side, found: list[PipelineChange]) -> tuple[InputChange, ...]:
    """What the inputs say otherwise, but of pipelines that one of them does not have."""
    alone = tuple(f"pipelines.{each.pipeline}." for each in found if each.action != "updated")
    return tuple(each for each in inputs(base, head) if not each.path.startswith(alone))


def _as(side: Side, name: str, called: str) -> Side:
    """A side whose environment `name` goes by another name."""
    return replace(
        side,
        environments={called: side.environments[name]},
        documents={called: side.documents[name]},
        runs={(called, pipeline): hash_ for (each, pipeline), hash_ in side.runs.items() if each == name},
        place=lambda environment, path: side.place(name, path),
    )


def _shape(fleet: Fleet, environment: Environment, name: str, beside: Environment) -> Shape | None:
    """A pipeline as an environment runs it, on a cluster whose engine the other environment has too."""
    definition = fleet.definition(environment.name, name)
    pipeline = next((each for each in environment.pipelines if each.name == name), None)
    if definition is None or pipeline is None:
        return None
    return shape_of(*overlay(definition, environment, _cluster(environment, beside, pipeline), pipeline))


def _cluster(environment: Environment, beside: Environment, pipeline: Pipeline) -> Cluster:
    engines = {each.engine for each in beside.clusters}
    mine = [each for each in environment.clusters if pipeline.runs_on(each.name)]
    return next((each for each in mine if each.engine in engines), mine[0])


def _definition(repository: Repository, prefix: str) -> Definition:
    """The only definition in the checkout whose hash begins so; GraftError where there is none, or more."""
    found = repository.files(f"{definitions.FOLDER}/*/{prefix}*.json") if prefix.isalnum() else ()
    if len(found) != 1:
        what = f"{len(found)} definitions begin" if found else "no environment is called so, and no definition begins"
        known = ", ".join(file.removeprefix(f"{definitions.FOLDER}/") for file in found)
        fix = f"name one: {known}" if found else "name two environments, or two definitions by their hashes"
        raise GraftError(f"{prefix}: {what} with it", fix)
    pipeline, text = found[0].split("/")[1], repository.text(found[0])
    try:
        return definitions.from_text(pipeline, text)
    except (ValueError, json.JSONDecodeError) as error:
        raise GraftError(f"{found[0]}: {error}", "restore it from Git") from None


def _environments(change: Change) -> str:
    found = [_clause(each) for each in change.pipelines]
    if not found:
        return f"{change.head} runs what {change.base} runs."
    more = f"; and {len(found) - _FEW} more pipelines" if len(found) > _FEW else ""
    return f"{change.head} beside {change.base}: {'; '.join(found[:_FEW])}{more}."


def _clause(each: PipelineChange) -> str:
    if each.action != "updated":
        return f"{each.pipeline} is {'only there' if each.action == 'created' else 'not there'}"
    old, new = each.definition
    what = "the same definition" if old == new else f"definition {new} and not {old}"
    values = [f"{x.name} {short(x.before)} -> {short(x.after)}" for x in each.lines if x.what == "parameter"][:_FEW]
    return f"{each.pipeline} has {', '.join([what, *values])}"
