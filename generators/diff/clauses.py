"""What each environment runs otherwise: the clauses of the sentence, one for a pipeline, or one that counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generators.diff.model import CONSEQUENCES, InputChange, Line, PipelineChange
from generators.diff.words import counted, turned
from generators.fleet.consistency import is_device

FEW = 3  # of anything that is named one by one
KEPT = {"database.url": "database", "storage.uri": "store"}  # values to what runs leave there, told of by themselves
# What of a pipeline a clause tells anyway.
_SAID = ("parameters.", "definition", "track", "schedule.cron", "schedule.timezone", "schedule.suspended")
_ROOM = "capacity"  # a fact of a cluster that no pipeline is made of
_RERUNS, _CACHED, _STALE, _AT_A_TICK, _NEVER = CONSEQUENCES


class Clause(NamedTuple):
    """Of which environment it is, and its words."""

    environment: str
    text: str


class _Part(NamedTuple):
    """What becomes of which pipelines, where, and what that means."""

    subject: str
    what: str
    places: list[str]
    more: str


def clauses_of(found: tuple[PipelineChange, ...], inputs: tuple[InputChange, ...]) -> list[Clause]:
    """A clause for each change, those of all environments that are one toolchain's folded into one.

    An environment of which more pipelines change than can be named has one clause, which counts. What one environment
    has word for word as one before it is "likewise" there.
    """
    said = [*_toolchain([each for each in found if each.toolchain])]
    others = [each for each in found if not each.toolchain]
    known: dict[tuple[str, str, str], str] = {}
    for environment in dict.fromkeys(each.environment for each in others):
        here = [each for each in others if each.environment == environment]
        for each in _environment(here, _Causes(environment, inputs)):
            first = known.setdefault((each.subject, each.what, each.more), environment)
            what, more = (each.what, each.more) if first == environment else ("likewise", "")
            told = f"{environment}: {each.subject} {what} {_on(each.places)}"
            said.append(Clause(environment, f"{told}; {more}" if more else told))
    return said


def _toolchain(found: list[PipelineChange]) -> Iterator[Clause]:
    if found:
        runs = sum(len(each.places) for each in found if each.starts == "on merge")
        started = f", {_started(runs)} on merge" if runs else ""
        names = {each.pipeline for each in found}
        text = f"{found[0].toolchain}: a new version of {counted(len(names), 'pipeline')}, the same content{started}"
        yield Clause(found[0].environment, text)


class _Causes:
    """The values of the inventory that change for an environment, beside those of which a clause tells anyway."""

    def __init__(self, environment: str, inputs: Iterable[InputChange]) -> None:
        self._environment = environment
        self._inputs = [each for each in inputs if environment in each.environments]

    def of(self, places: Iterable[str], pipeline: str = "") -> list[str]:
        """Those of a pipeline, those of clusters that it is on, and those that are said of all pipelines."""
        named = self._named(set(places), f"pipelines.{pipeline}." if pipeline else "")
        return [f"{name} {turned(each.before, each.after)}" for each, name in named]

    def _named(self, places: set[str], own: str) -> Iterator[tuple[InputChange, str]]:
        for each in self._inputs:
            paths = (each.path, *each.also)
            if name := next(filter(None, (self._name(path, places, own) for path in paths)), ""):
                yield each, name

    def _name(self, path: str, places: set[str], own: str) -> str:
        """What a value is called that does something to what is asked about, "" where it does nothing."""
        kind, name, fact = (*path.split(".", 2), "", "")[:3]
        if kind == "pipelines":
            inside = path.removeprefix(own)
            return inside if inside != path and not inside.startswith(_SAID) else ""
        is_elsewhere = kind == "clusters" and f"{self._environment}/{name}" not in places
        return "" if is_elsewhere or fact.startswith(_ROOM) or path in KEPT else path


def _environment(found: list[PipelineChange], causes: _Causes) -> Iterator[_Part]:
    """The clauses of one environment's pipelines."""
    for action in dict.fromkeys(each.action for each in found):
        alike = [each for each in found if each.action == action]
        names = {each.pipeline for each in alike}
        if len(names) > (FEW if action == "updated" else 1):
            yield _counting(alike, action, len(names), causes)
            continue
        said: dict[tuple[str, str, str], list[str]] = {}
        for each in alike:
            said.setdefault((each.pipeline, _what(each), _more(each, causes)), []).extend(each.places)
        yield from (_Part(pipeline, what, places, more) for (pipeline, what, more), places in said.items())


def _counting(found: list[PipelineChange], action: str, names: int, causes: _Causes) -> _Part:
    """So many pipelines of one environment, in numbers."""
    places = list(dict.fromkeys(place for each in found for place in each.places))
    if action != "updated":
        return _Part(f"{names} pipelines", f"are {action}", places, "")
    runs = sum(len(each.places) for each in found if each.starts == "on merge")
    stale = sum(task.consequence == _STALE for each in found for task in each.tasks)
    parts = few(causes.of(places))
    lacking = len({each.pipeline for each in found if each.lacks_image})
    parts += [f"NO IMAGE of the new code of {counted(lacking, 'pipeline')}"] if lacking else []
    parts += [f"{counted(stale, 'step')} SERVED STALE"] if stale else []
    parts += _without_devices(line for each in found for line in each.lines)
    above = len({each.pipeline for each in found if any(amount.above for amount in each.amounts)})
    parts += [f"{above} {'WAITS' if above == 1 else 'WAIT'} for room"] if above else []
    parts.append(f"{_started(runs)} on merge" if runs else "no run starts on merge")
    return _Part(f"{names} pipelines", "change", places, "; ".join(parts))


def _more(each: PipelineChange, causes: _Causes) -> str:
    """What the change of a pipeline is, and what follows from it."""
    values = [f"{line.name} {turned(line.before, line.after)}" for line in each.lines if line.what == "parameter"]
    parts = few([*values, *(causes.of(each.places, each.pipeline) if each.action == "updated" else ())])
    parts += ["NO IMAGE of its new code"] if each.lacks_image else []
    if each.schedule:
        parts.append(f"runs {each.schedule.after or 'by no schedule'}, was {each.schedule.before or 'none'}")
    if steps := _steps(each):
        parts.append(steps)
    parts += _without_devices(each.lines)
    parts += [f"WAITS for room ({one.name} {one.after} of {one.of})" for one in each.amounts if one.above][:1]
    if each.action != "deleted":
        parts.append(_next(each))
    return "; ".join(parts)


def _without_devices(lines: Iterable[Line]) -> Iterator[str]:
    """How many steps have no accelerator any more, with which they took a fraction of the time."""
    gone = Counter(
        kind
        for line in lines
        if line.what == "resource" and line.after is None and is_device(kind := line.name.removesuffix(" limit"))
    )
    for kind, count in gone.items():
        yield f"{counted(count, 'step')} {'LOSES' if count == 1 else 'LOSE'} {kind}"


def few(found: list[str]) -> list[str]:
    """The first of them as one part."""
    more = f" and {len(found) - FEW} more" if len(found) > FEW else ""
    return [", ".join(found[:FEW]) + more] if found else []


def _started(runs: int) -> str:
    return f"{counted(runs, 'run')} {'starts' if runs == 1 else 'start'}"


def _on(places: list[str]) -> str:
    return f"on {places[0] if len(places) == 1 else f'{len(places)} clusters'}"


def _what(each: PipelineChange) -> str:
    old, new = each.definition
    if each.action != "updated":
        return f"is {each.action}"
    if old != new:
        same = f" (what {', '.join(each.runs_already)} runs)" if each.runs_already else ""
        same = same or " (which NO OTHER ENVIRONMENT RUNS)" * each.is_unproved
        return f"moves to definition {new}{same}"
    if not any(was or is_ for _, was, is_ in each.versions):
        return "changes"
    renamed = any(was != is_ for _, was, is_ in each.versions)
    return "gets a new version" if renamed else "keeps its version"


def _steps(each: PipelineChange) -> str:
    count = Counter(task.consequence for task in each.tasks if task.category not in ("", "metadata only"))
    if not count or each.action != "updated":
        return ""
    total = sum(task.category != "removed" for task in each.tasks)
    reruns = sum(count[word] for word in (_RERUNS, _AT_A_TICK)) or count[_NEVER]
    stale = f", {count[_STALE]} SERVED STALE" if count[_STALE] else ""
    if not (reruns or stale):
        return f"{count[_CACHED]} of {total} steps changed, served from the cache"
    return f"{reruns} of {total} steps rerun{stale}"


def _next(each: PipelineChange) -> str:
    if each.starts == "on merge":
        return "a run starts on merge"
    return f"next run {each.starts}" if each.starts else "no run starts by itself"
