"""What becomes of each step in the next run, from what is said of it differently and what it depends on.

A change goes from step to step by the values that are handed on. How far the next run sees it is a matter of what the
engine's cache goes by: a step whose result may be another though its key is the same is served stale.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generators.diff.graph import waits
from generators.diff.model import CATEGORIES, CONSEQUENCES, Line, Task
from generators.diff.shapes import STEPS, plain
from generators.engines.engine import CacheRule
from generators.ir.normal_form import Shape
from generators.ir.normal_form import Task as Read
from generators.ir.overlay import OWN_VARIABLES
from generators.ir.steps import BRANCHES

DIRECT, DEPENDS, METADATA, ADDED, REMOVED = CATEGORIES
RERUNS, CACHED, STALE, TICK, NEVER = CONSEQUENCES
# Lines that can change what a step gives; others say how and where it runs, or describe it.
_RESULT = {
    "image", "source", "command", "argument", "input", "output", "type", "artifact", "claim", "volume", "variable",
    "secret", "kind", "task", "condition", "loop",
}  # fmt: skip
_DESCRIBES = {"label", "annotation"}
_REFERENCE = re.compile(
    r"(?:item of )?(?:input (?P<input>\S+?)|the run's (?P<run>\S+?)|(?P<task>[\w-]+)\.(?P<output>[^\s\[]+))(?=\[|\s|$)"
)
_OF_BRANCHES = re.compile(rf"(?:{BRANCHES.pattern})(?:-pipelinechannel--.*-oneof-\d+)?")  # and what it gives as one
_KEY_OF_ITS_OWN, OWN_KEY = "by a key of its own", "its cache key"


# What becomes of a value: the old one is served in its place, another one is made, or the same is made anew.
_OLD, _OTHER, _ANEW = 1, 2, 4


@dataclass
class _Seen:
    """What becomes of each value inside one DAG, as flags."""

    inputs: dict[str, int] = field(default_factory=dict)
    outputs: dict[tuple[str, str], int] = field(default_factory=dict)


def tasks(
    before: Shape,
    after: Shape,
    lines: Iterable[Line],
    cache: CacheRule | None,
    starts: str,
    fresh: Mapping[str, str],
    relabelled: bool = False,
) -> tuple[Task, ...]:
    """Every step of a pipeline; `starts` says what makes the next run, `fresh` are steps with a cache key of their
    own that changes, or code in their image, by why; `relabelled` is whether the labels of all steps are others."""
    said = defaultdict(list)
    for line in lines:
        said[line.step].append(line)
    changed = {line.name.partition(".")[0].partition("[")[0] for line in said.get("", ()) if line.what == "parameter"}
    plan = _Plan(before, after, said, cache, starts, fresh, relabelled)
    plan.walk("", _Seen(dict.fromkeys(changed, _OTHER)))
    removed = [
        Task(plain(path), REMOVED, NEVER, "it is not in the pipeline any more")
        for path, task in before.tasks.items()
        if task.kind in STEPS and path not in after.tasks
    ]
    return (*plan.found.values(), *removed)


@dataclass
class _Plan:
    before: Shape
    after: Shape
    said: Mapping[str, list[Line]]
    cache: CacheRule | None
    starts: str
    fresh: Mapping[str, str]
    relabelled: bool
    found: dict[str, Task] = field(default_factory=dict)

    @cached_property
    def waits(self) -> Mapping[str, tuple[str, ...]]:
        """The steps before each step."""
        return waits(self.after)

    def walk(self, prefix: str, seen: _Seen, around: str = "") -> None:
        """The tasks of one DAG, each after those that it takes values from; `around` is why all of them may change."""
        for path, task in self._in_order(prefix):
            name = path.rpartition("/")[2]
            given = {key: self._given(text, seen) for key, text in task.arguments.items()}
            if task.kind in STEPS:
                flags = self._step(path, task, given, around)
                kept = [each for each in task.outputs if f"output {each}" in task.artifacts]
                seen.outputs |= {(name, each): flags & ~_ANEW for each in task.outputs}
                seen.outputs |= {(name, each): flags for each in kept}
                continue
            inside = _Seen({key: flags for key, (flags, _) in given.items()})
            self.walk(f"{path}/", inside, around or self._group(path, task, given))
            for output, text in task.outputs.items():
                seen.outputs[name, output] = self._given(text, inside)[0]

    def _in_order(self, prefix: str) -> Iterator[tuple[str, Read]]:
        inside = {
            path: task
            for path, task in self.after.tasks.items()
            if path and path.rpartition("/")[0] == prefix.rstrip("/")
        }
        names, done = {path.rpartition("/")[2]: path for path in inside}, set()

        def visit(path: str) -> Iterator[tuple[str, Read]]:
            if path in done:
                return
            done.add(path)
            waits = {match["task"] for text in inside[path].arguments.values() for match in _REFERENCE.finditer(text)}
            for name in sorted((waits | set(inside[path].after)) & names.keys()):
                yield from visit(names[name])
            yield path, inside[path]

        for path in inside:
            yield from visit(path)

    def _given(self, text: str, seen: _Seen) -> tuple[int, str]:
        """What becomes of what an argument refers to, and what of it changes."""
        flags, source = 0, ""
        for match in _REFERENCE.finditer(text):
            name = match["task"] or match["input"] or match["run"]
            found = seen.outputs.get((name, match["output"]), 0) if match["task"] else seen.inputs.get(name, 0)
            flags, source = flags | found, source or (_called(name) if found & (_OLD | _OTHER) else "")
        return flags, source

    def _group(self, path: str, task: Read, given: Mapping[str, tuple[int, str]]) -> str:
        """Why all steps of a group may run otherwise: what it is repeated over, or its condition."""
        own = [
            line for line in self.said.get(plain(path), ()) if line.what in ("condition", "loop", "task", "parallelism")
        ]
        if own:
            return f"{own[0].what} of {plain(path)}"
        decides = f"{task.loop} {task.condition}"
        moved = [_called(name) for name, (flags, _) in given.items() if flags & _OTHER and name in decides]
        return f"{'condition' if task.condition else 'loop'} of {plain(path)} depends on {moved[0]}" if moved else ""

    def _step(self, path: str, task: Read, given: Mapping[str, tuple[int, str]], around: str) -> int:
        """Judge a step, and say what becomes of its outputs."""
        step = plain(path)
        own = [line for line in self.said.get(step, ()) if not (line.what == "variable" and line.name in OWN_VARIABLES)]
        direct = [line for line in own if line.what not in _DESCRIBES]
        flags, source = 0, ""
        for found, name in given.values():
            flags, source = flags | found, source or name
        category, why = self._category(path, task, direct, source if flags & (_OLD | _OTHER) else "", around)
        effect = self._effect(step, task, category, [line.what for line in direct], flags, bool(around))
        consequence, more = self._consequence(task, effect)
        self.found[step] = Task(step, category, consequence, "; ".join(filter(None, (why, more))), self.waits[step])
        if category in ("", METADATA):
            return _ANEW if effect == RERUNS else 0
        return {STALE: _OLD, RERUNS: _OTHER}.get(effect, 0)

    def _category(self, path: str, task: Read, direct: list[Line], source: str, around: str) -> tuple[str, str]:
        step, old = plain(path), self.before.tasks.get(path)
        if old is None or old.kind != task.kind:
            return ADDED, "it is new"
        if direct or step in self.fresh:
            named = dict.fromkeys(f"{line.what} {line.name}".strip() for line in direct)
            return DIRECT, ", ".join(named) or self.fresh[step]
        if source or around:
            return DEPENDS, around or source
        return (METADATA, "labels and names alone") if self.said.get(step) or self.relabelled else ("", "")

    def _effect(self, step: str, task: Read, category: str, changed: list[str], flags: int, around: bool) -> str:
        """What the cache makes of it, by the rules of the engine."""
        if not (task.cached and self.cache) or category == ADDED or around:
            return RERUNS
        matters = step in self.fresh or any(what in _RESULT for what in changed)
        if task.cached == _KEY_OF_ITS_OWN and self.cache.obeys_own_key:
            if self.fresh.get(step) == OWN_KEY:
                return RERUNS
            return STALE if flags & (_OLD | _OTHER) or matters else CACHED
        if flags & (_OTHER | _ANEW) or any(what in self.cache.key for what in changed):
            return RERUNS
        return STALE if flags & _OLD or matters else CACHED

    def _consequence(self, task: Read, effect: str) -> tuple[str, str]:
        if effect == STALE:
            return STALE, f"{self.cache.said if self.cache else 'its cache'} does not look at it"
        if effect == CACHED:
            return CACHED, ""
        off = "" if task.cached else "its cache is off"
        if not self.starts:
            return NEVER, off
        return (RERUNS if self.starts == "on merge" else TICK), off


def _called(name: str) -> str:
    """A value or a group as its author knows it: kfp puts a word of its own before what it hands through groups."""
    return "a condition" if _OF_BRANCHES.fullmatch(name) else name.removeprefix("pipelinechannel--")
