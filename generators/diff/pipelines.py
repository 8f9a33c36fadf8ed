"""One pipeline on one cluster, before and after: versions, values, steps, when it runs next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from generators.delivery.names import ARGOCD, PLATFORM
from generators.delivery.objects import RECORD_LABEL
from generators.diff import shapes, values
from generators.diff.amounts import amounts, pods
from generators.diff.model import NEVER_BUILT, NOBODY_RUNS, Line, PipelineChange, Task
from generators.diff.schedules import schedule, times, warnings
from generators.diff.state import Side
from generators.diff.tasks import OWN_KEY, tasks
from generators.diff.words import counted
from generators.engines.engine import Engine
from generators.ir.definitions import Definition
from generators.ir.normal_form import Shape
from generators.ir.overlay import OWN_VARIABLES
from generators.ir.view import Pipeline
from generators.model import UNBUILT, Cluster


@dataclass(frozen=True)
class Folder:
    """The objects of one pipeline on one cluster, on both sides."""

    environment: str
    cluster: str
    pipeline: str
    before: list[Any]
    after: list[Any]

    @property
    def at(self) -> tuple[str, str]:
        return self.environment, self.pipeline

    @property
    def place(self) -> str:
        return f"{self.environment}/{self.cluster}"


def folders(base: Side, head: Side) -> Iterator[Folder]:
    """The folders of pipelines in which something differs."""
    found: dict[tuple[str, str, str], tuple[list[Any], list[Any]]] = {}
    for side, objects in enumerate((base.objects, head.objects)):
        for file, documents in objects.items():
            _, environment, cluster, *inside = file.split("/")
            if cluster != ARGOCD and len(inside) == 2 and inside[0] != PLATFORM:
                found.setdefault((environment, cluster, inside[0]), ([], []))[side].extend(documents)
    for (environment, cluster, pipeline), (before, after) in found.items():
        yield Folder(environment, cluster, pipeline, before, after)


@dataclass(frozen=True)
class Comparison:
    """What two sides say of one folder."""

    base: Side
    head: Side
    folder: Folder
    now: datetime

    @cached_property
    def cluster(self) -> Cluster | None:
        here = (self.folder.environment, self.folder.cluster)
        return shapes.cluster_of(self.head, *here) or shapes.cluster_of(self.base, *here)

    @cached_property
    def engine(self) -> Engine | None:
        return shapes.engine_of([*self.folder.after, *self.folder.before], self.cluster)

    @cached_property
    def versions(self) -> tuple[str, str]:
        """The names of the version that runs are started from; of a file that is as it was, as the intent has it."""
        return self._named(self.folder.before), self._named(self.folder.after)

    @cached_property
    def definitions(self) -> tuple[str, str]:
        sides = ((self.folder.before, self.base), (self.folder.after, self.head))
        before, after = (
            (shapes.definition_of(objects) or side.runs.get(self.folder.at, "")) if objects else ""
            for objects, side in sides
        )
        return before, after

    @cached_property
    def names(self) -> dict[str, str]:
        """Old to new names of what is named by its content: versions, definitions, runs on merge."""
        pairs = [self.versions, self.definitions, self._jobs]
        return {old: new for old, new in pairs if old and new and old != new} | self._hashes

    def change(self) -> PipelineChange:
        """All of it; the lines are those that the two shapes differ in."""
        before, after = (shapes.shape(objects, self.engine) for objects in (self.folder.before, self.folder.after))
        found = [*self._lines(before, after), *self._sources()]
        timed = schedule(self.folder.before, self.folder.after, self.now)
        starts = self._starts(timed.times if timed else times(self.folder.after, self.now))
        action = "created" if not self.folder.before else "updated" if self.folder.after else "deleted"
        planned = self._planned(before, after, found, starts)
        reckoned = amounts(self.base, self.head, *self.folder.at, self.cluster)
        change = PipelineChange(
            self.folder.pipeline,
            self.folder.environment,
            ((self.folder.place, *self.versions),),
            action,
            self.definitions,
            self._runs_already(),
            tuple(found),
            planned,
            timed,
            starts,
            reckoned.amounts,
            reckoned.cost,
            notes=(*self._notes(before, after), *self._cached(planned)),
        )
        return replace(change, toolchain=self._toolchain(change))

    def _lines(self, before: Shape | None, after: Shape | None) -> Iterator[Line]:
        """What the shapes say differently, but for what only follows from other names."""
        if before and after:
            found = values.lines(before, after, self.base, self.head, self.folder.at)
            yield from (line for line in found if not self._follows(line))

    def _planned(self, before: Shape | None, after: Shape | None, lines: list[Line], starts: str) -> tuple[Task, ...]:
        """What becomes of the steps, where they can be read."""
        if after is None:
            return ()
        rule = self.engine.cache(self.cluster or Cluster(self.folder.cluster, "")) if self.engine else None
        relabelled = self.definitions[0] != self.definitions[1]
        return tasks(shapes.or_nothing(before), after, lines, rule, starts, self._fresh(lines), relabelled)

    def _named(self, objects: list[Any]) -> str:
        found = shapes.version_of(objects, self.engine)
        intents = (obj.get("data", {}).get("version", "") for obj in objects if _record(obj) == "intent")
        return found or next(intents, "")

    @cached_property
    def _jobs(self) -> tuple[str, str]:
        return _job(self.folder.before), _job(self.folder.after)

    @cached_property
    def _hashes(self) -> dict[str, str]:
        """The hashes at the ends of the versions' names, which a label and a run's name have alone."""
        old, new = (name.rpartition("-")[2] for name in self.versions)
        return {old: new} if old and new and old != new else {}

    def _follows(self, line: Line) -> bool:
        """Whether a variable of graft's own, or a label, is another only because the definition or the image is."""
        if line.what not in ("variable", "label") or line.before is None or line.after is None:
            return False
        if line.what == "variable" and line.name not in OWN_VARIABLES:
            return False
        text = line.before
        for old, new in self.names.items():
            text = text.replace(old, new)
        return text == line.after or line.name == "GRAFT_IMAGE"

    def _both(self) -> tuple[Definition | None, Definition | None]:
        old, new = self.definitions
        return self.base.definitions.get((self.folder.pipeline, old)), self.head.definitions.get(
            (self.folder.pipeline, new)
        )

    def _sources(self) -> Iterator[Line]:
        """The code of the components' images, where it is not what it was."""
        old, new = self._both()
        for name in sorted((old.sources.keys() | new.sources.keys()) if old and new else ()):
            was, is_ = old.sources.get(name), new.sources.get(name)
            if was != is_:
                yield Line("source", "", name, was, is_, new.path)

    def _fresh(self, lines: list[Line]) -> Mapping[str, str]:
        """Steps whose code is another behind an image that has no other name yet, or whose own cache key is."""
        old, new = self._both()
        if not (old and new):
            return {}
        moved = {line.name for line in lines if line.what == "source"}
        imaged = {line.step for line in lines if line.what == "image"}
        found = {
            step: f"the code of its image {image}"
            for step, image in shapes.images_of(Pipeline.of(new.spec)).items()
            if image in moved and step not in imaged
        }
        was, is_ = ({path: task.cache_key for path, task in Pipeline.of(each.spec).walk()} for each in (old, new))
        return found | {step: OWN_KEY for step in is_ if is_[step] != was.get(step, is_[step])}

    def _starts(self, ticks: tuple[str, ...]) -> str:
        job = self._jobs[1]
        if job and job != self._jobs[0]:
            return "on merge"
        return ticks[0] if ticks else ""

    def _runs_already(self) -> tuple[str, ...]:
        new = self.definitions[1]
        if not new or new == self.definitions[0]:
            return ()
        own = self.folder.environment
        return tuple(
            sorted(
                name
                for (name, pipeline), hash_ in self.base.runs.items()
                if (pipeline, hash_) == (self.folder.pipeline, new) and name != own
            )
        )

    @property
    def _is_pinned(self) -> bool:
        """Whether the environment says itself which definition it runs."""
        said = self.head.documents.get(self.folder.environment, {}).get("pipelines", {})
        return bool(self.definitions[1] and said.get(self.folder.pipeline, {}).get("definition"))

    def _notes(self, before: Shape | None, after: Shape | None) -> Iterator[str]:
        yield from warnings(self.folder.before, self.folder.after, self.now)
        yield from self._rebuilt(before, after)
        if self.definitions[0] != self.definitions[1] and self._is_pinned and not self._runs_already():
            yield NOBODY_RUNS
        if (
            any(
                objects and found is None
                for objects, found in ((self.folder.before, before), (self.folder.after, after))
            )
            and self.versions[0] != self.versions[1]
        ):
            yield "its steps cannot be read back from what is rendered: what becomes of each is not known"
        in_containers = self.engine and self.engine.in_containers
        if after and in_containers and any(UNBUILT in task.image for task in after.tasks.values()):
            yield NEVER_BUILT

    def _rebuilt(self, before: Shape | None, after: Shape | None) -> Iterator[str]:
        """Images of another digest for the source that a step had already: what was proved ran another one."""
        old, new = self._both()
        if not (old and new and before and after):
            return
        images = shapes.images_of(Pipeline.of(new.spec))
        same = {name for name in new.sources if old.sources.get(name) == new.sources[name]}
        for name in sorted({images[step] for step in images.keys() & self._reimaged(before, after)} & same):
            yield f"the source {new.sources[name]} of {name} is the same, and its image is another: it was built again"

    def _reimaged(self, before: Shape, after: Shape) -> set[str]:
        """The steps that had a built image, and have another one."""
        was = {shapes.plain(path): task.image for path, task in before.tasks.items()}
        found = {shapes.plain(path): task.image for path, task in after.tasks.items()}
        built = {step for step in found.keys() & was.keys() if was[step] and UNBUILT not in (was[step] + found[step])}
        return {step for step in built if found[step] != was[step]}

    def _cached(self, planned: tuple[Task, ...]) -> Iterator[str]:
        """How many pods the next run starts, where its cache answers for steps."""
        served = {task.step for task in planned if task.consequence in ("served from the cache", "served stale")}
        if served and self.engine and (count := pods(self.head, *self.folder.at, self.cluster, served)):
            steps, most = counted(len(served), "step"), counted(count, "pod")
            yield f"where its cache still holds {steps}, the next run starts at most {most}"

    def _toolchain(self, change: PipelineChange) -> str:
        """The kfp that compiled it, old to new, where nothing else is another."""
        old, new = self._both()
        if not (old and new) or change.lines or change.schedule or change.action != "updated" or old.hash == new.hash:
            return ""
        was, is_ = ({**each.spec, "sdkVersion": ""} for each in (old, new))
        same = was == is_ and old.platform == new.platform and old.sources == new.sources
        return f"{old.spec.get('sdkVersion', '?')} to {new.spec.get('sdkVersion', '?')}" if same else ""


def _record(obj: Any) -> str:
    labels = (obj.get("metadata") or {}).get("labels") or {} if isinstance(obj, dict) else {}
    return labels.get(RECORD_LABEL, "")


def _job(objects: list[Any]) -> str:
    """The name of the Job of a run on merge, "" for none."""
    return next((obj["metadata"]["name"] for obj in objects if _record(obj) == "merge"), "")
