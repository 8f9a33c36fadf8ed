"""Two environments beside one another: what the second would run otherwise than the first, but for its own names.

Nothing is created, deleted or run by that, so it says what differs and what only one of them has, and not what becomes
of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from generators.delivery.names import PLATFORM
from generators.diff import pairs
from generators.diff.amounts import amounts
from generators.diff.beside import sentence
from generators.diff.comparison import alike
from generators.diff.inputs import inputs
from generators.diff.loading import of_fleet
from generators.diff.masking import masked_change
from generators.diff.model import BESIDE, Change, InputChange, Line, ObjectChange, PipelineChange
from generators.diff.money import total
from generators.diff.objects import alike as alike_objects
from generators.diff.objects import history, objects
from generators.diff.pairs import Pair
from generators.diff.pipelines import Comparison, Folder
from generators.diff.schedules import schedule
from generators.diff.state import Side
from generators.diff.values import lines
from generators.engines.registry import engine
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED, Rendering
from generators.fleet.objects import Objects, read
from generators.inventory.read import Repository
from generators.ir.normal_form import Shape, shape_of
from generators.ir.overlay import OWN_VARIABLES, overlay
from generators.model import Cluster, Environment

DIFFERS, ONLY_BASE, ONLY_HEAD = BESIDE


def environments(repository: Repository, one: str, other: str) -> Change:
    """What `other` would run otherwise than `one`, by clusters that the same engine runs where both have one."""
    cache = Cache.of_user()
    fleet, rendering = manifests.accepted(repository, "", cache)
    for name in (one, other):
        fleet.files.require(name)
    here, there = fleet.environments[one], fleet.environments[other]
    known, before, after = pairs.pairs(here, there), {}, {}
    for pair in (each for each in known if each.same_engine):
        before |= pairs.moved(_objects(rendering, cache, one, pair.like), other, pair)
        after |= _objects(rendering, cache, other, pair.cluster)
    side = of_fleet(fleet, {}, ())
    like = {pair.cluster.name: pair.like.name for pair in known}
    base = replace(pairs.under(side, here, other, like), objects=before, files=tuple(before))
    head = replace(pairs.under(side, there, other, {name: name for name in like}), objects=after, files=tuple(after))
    return _Beside(fleet, here, there, base, head, datetime.now(UTC)).change(known)


def _objects(rendering: Rendering, cache: Cache, environment: str, cluster: Cluster) -> Objects:
    """The objects of one cluster, without those of Argo CD."""
    folder = f"{environment}/{cluster.name}/"
    found = {f"{RENDERED}/{path}": text for path, text in rendering.tree.items() if path.startswith(folder)}
    return {file: read(cache, file, content.text()) for file, content in found.items()}


@dataclass(frozen=True)
class _Beside:
    """Two environments, and both sides under the name of the second."""

    fleet: Fleet
    one: Environment
    other: Environment
    base: Side
    head: Side
    now: datetime

    def change(self, known: tuple[Pair, ...]) -> Change:
        rows, differing = [], []
        for pair in known:
            told = {}
            for name in sorted({each.name for side in (self.one, self.other) for each in side.pipelines}):
                folder = self._folder(pair, name)
                found = self._pipeline(pair, folder)
                rows += [found] if found else []
                told[f"{RENDERED}/{folder.place}/{name}"] = self._told(pair, folder, found)
            told[f"{RENDERED}/{self.other.name}/{pair.cluster.name}/{PLATFORM}"] = [], pair.names.pairs, False
            differing += self._objects(pair, told)
        change = Change(
            self.one.name,
            self.other.name,
            pipelines=alike(sorted(rows, key=lambda each: each.pipeline)),
            objects=alike_objects(iter(differing)),
            inputs=self._inputs(known, rows),
            notes=tuple(self._notes(known)),
            costs=total(rows),
        )
        return masked_change(replace(change, sentence=sentence(change)))

    def _folder(self, pair: Pair, name: str) -> Folder:
        inside = f"{RENDERED}/{self.other.name}/{pair.cluster.name}/{name}/"
        found = (
            [doc for file, docs in side.objects.items() if file.startswith(inside) for doc in docs]
            for side in (self.base, self.head)
        )
        return Folder(self.other.name, pair.cluster.name, name, *found)

    def _told(self, pair: Pair, folder: Folder, found: PipelineChange | None) -> tuple[list[Line], dict, bool]:
        names = pair.names.pairs | Comparison(self.base, self.head, folder, self.now).names
        return list(found.lines) if found else [], names, bool(found and found.schedule)

    def _pipeline(self, pair: Pair, folder: Folder) -> PipelineChange | None:
        name, at = folder.pipeline, folder.at
        here, there = _running(self.one, pair.like, name), _running(self.other, pair.cluster, name)
        if there not in (None, pair.cluster):  # it is compared where it runs
            return None
        before, after = self._shape(self.one, here, name), self._shape(self.other, there, name)
        hashes = self.base.runs.get(at, ""), self.head.runs.get(at, "")
        if not (before and after):
            return self._alone(pair, name, hashes, after is not None) if before or after else None
        reckoned = amounts(self.base, self.head, *at, pair.cluster)
        found = PipelineChange(
            name,
            self.other.name,
            ((folder.place, "", ""),),
            DIFFERS,
            hashes,
            lines=tuple(self._lines(pair, before, after, at)),
            schedule=schedule(folder.before, folder.after, self.now),
            amounts=reckoned.amounts,
            cost=reckoned.cost,
        )
        return found if found.lines or found.schedule or hashes[0] != hashes[1] else None

    def _alone(self, pair: Pair, name: str, hashes: tuple[str, str], there: bool) -> PipelineChange:
        environment, cluster = (self.other, pair.cluster) if there else (self.one, pair.like)
        row = (f"{environment.name}/{cluster.name}", "", "")
        known = ("", hashes[1]) if there else (hashes[0], "")
        return PipelineChange(name, environment.name, (row,), ONLY_HEAD if there else ONLY_BASE, known)

    def _lines(self, pair: Pair, before: Shape, after: Shape, at: tuple[str, str]) -> Iterator[Line]:
        for line in lines(before, after, self.base, self.head, at):
            if line.name not in OWN_VARIABLES and not pair.names.explain(line.before, line.after):
                yield line

    def _shape(self, environment: Environment, cluster: Cluster | None, name: str) -> Shape | None:
        """A pipeline as a cluster of an environment runs it, None where it does not."""
        definition = self.fleet.definition(environment.name, name)
        pipeline = next((each for each in environment.pipelines if each.name == name), None)
        if definition is None or pipeline is None or cluster is None:
            return None
        return shape_of(*overlay(definition, environment, cluster, pipeline))

    def _objects(self, pair: Pair, told: dict) -> Iterator[ObjectChange]:
        """The objects of a pair of clusters that differ by more than names."""
        inside = f"{RENDERED}/{self.other.name}/{pair.cluster.name}/"
        sides = (
            replace(side, objects={file: docs for file, docs in side.objects.items() if file.startswith(inside)})
            for side in (self.base, self.head)
        )
        base, head = sides
        for each in objects(history(base, head, None), base, head, told):
            if each.action == "updated" or each.was:
                told_by_steps = each.kind == engine(pair.cluster.engine).version
                yield from [replace(each, action=DIFFERS, was="")] if each.lines and not told_by_steps else []
                continue
            here = each.action == "created"
            place = f"{self.other.name}/{pair.cluster.name}" if here else f"{self.one.name}/{pair.like.name}"
            yield replace(each, action=ONLY_HEAD if here else ONLY_BASE, places=(place,), why="")

    def _inputs(self, known: tuple[Pair, ...], rows: list[PipelineChange]) -> tuple[InputChange, ...]:
        """What the inputs say otherwise, but of pipelines that one of them does not have, and of their own names."""
        alone = tuple(f"pipelines.{each.pipeline}." for each in rows if each.action != DIFFERS)
        return tuple(
            each
            for each in inputs(self.base, self.head)
            if not each.path.startswith(alone)
            and not any(pair.names.explain(each.before, each.after) for pair in known)
        )

    def _notes(self, known: tuple[Pair, ...]) -> Iterator[str]:
        for pair in known:
            here, there = f"{self.other.name}/{pair.cluster.name}", f"{self.one.name}/{pair.like.name}"
            if pair.same_engine:
                yield f"{here} is held against {there}"
            else:
                yield f"{here} is held against {there} by what pipelines say alone: another engine runs it"


def _running(environment: Environment, cluster: Cluster, name: str) -> Cluster | None:
    """The cluster that runs a pipeline: this one if it does, else another; None where the environment has it not."""
    pipeline = next((each for each in environment.pipelines if each.name == name), None)
    first = (cluster, *environment.clusters)
    return next((each for each in first if pipeline and pipeline.runs_on(each.name)), None)
