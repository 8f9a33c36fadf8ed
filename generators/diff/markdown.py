"""A change as Markdown for one comment on GitHub: the sentence, an index, what is destroyed, then folded details.

Whatever a pull request can write into a value is shown as it is and means nothing: see `safe`. A comment holds 65,536
characters, so the least important sections are left out first, and the comment says so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from generators.diff import text
from generators.diff.mermaid import flowchart
from generators.diff.model import (
    CATEGORIES,
    Change,
    InputChange,
    Line,
    ObjectChange,
    PipelineChange,
    RuleLine,
    RunChange,
    Schedule,
    Task,
)
from generators.diff.safe import code, prose
from generators.diff.values import together

T = TypeVar("T")
METADATA = CATEGORIES[2]
MARKER = "<!-- graft diff: this comment is updated in place -->"
LIMIT = 65536  # characters that GitHub takes
_LONGEST = 200  # characters of one value
_FEW_INPUTS = 5  # that stand on top; more are folded
_STEPS_OF = 2000  # and of the paths of the steps that it is a value of


class _Section(NamedTuple):
    """A part of the comment: how soon it is left out, the higher the sooner, what it is called, and its text."""

    rank: int
    name: str
    body: str


def to_markdown(change: Change, limit: int = LIMIT) -> str:
    """The comment, its last line the hidden marker by which it is found again."""
    sections, left = list(_sections(change)), []
    while (found := _joined(sections, left)) and len(found) > limit and len(sections) > 1:
        last = max(sections, key=lambda each: each.rank)
        sections.remove(last)
        left.append(last.name)
    return found if len(found) <= limit else f"{found[: max(limit - len(MARKER) - 5, 0)]}...\n\n{MARKER}"


def _joined(sections: list[_Section], left: list[str]) -> str:
    names = prose(", ".join(dict.fromkeys(left)))
    note = f"**Left out, since a comment may not be longer: {names}.** `graft diff` shows all of it."
    return "\n\n".join([*(each.body for each in sections), *([note] if left else []), MARKER])


def _sections(change: Change) -> Iterator[_Section]:
    yield _Section(0, "", f"**{prose(change.sentence)}**")
    if weaker := [each for each in change.rules if each.weaker]:
        yield _Section(1, "changes of the rules", "\n".join(["#### Changes of the rules", *map(_rule, weaker)]))
    if change.destroyed:
        rows = [f"- {code(each.name)} {prose(each.why)}" for each in change.destroyed]
        yield _Section(1, "what is destroyed", "\n".join(["#### Destroyed", *rows]))
    if base := [each for each in change.inputs if each.in_base]:
        yield _Section(3, "changes of base/", "\n".join(["#### For every environment", *map(_input, base)]))
    if (own := [each for each in change.inputs if not each.in_base]) and len(own) <= _FEW_INPUTS:
        yield _Section(3, "inputs", "\n".join(["#### In one environment", *map(_input, own)]))
    if change.costs:
        rows = [
            f"Cost {prose(text.cost(each))}, for one run of each pipeline on each cluster." for each in change.costs
        ]
        yield _Section(2, "the cost", "\n".join(rows))
    if change.pipelines:
        yield _Section(2, "the index", _table(_INDEX, map(_row, change.pipelines)))
    for run in change.runs:
        yield _Section(4, f"the runs of {run.pipeline}", _run(run))
    yield from (_Section(8, "notes", f"> {prose(note)}") for note in change.notes)
    if other := [each for each in change.rules if not each.weaker]:
        yield _Section(9, "other rules", _folded(f"Rules that may be weaker ({len(other)})", map(_rule, other)))
    for at, each in enumerate(each for each in change.pipelines if not each.toolchain):
        name = f"{each.environment} {each.pipeline}".strip()
        title = f"{name}: {change.called(each.action)} on {', '.join(filter(None, each.places))}".removesuffix(" on ")
        yield _Section(10 + at, name, _folded(title, _pipeline(each)))
    yield from _graphs(change.pipelines)
    yield from _more(change)


def _graphs(found: Iterable[PipelineChange]) -> Iterator[_Section]:
    """What becomes of steps, once for all places where it is the same."""
    places: dict[tuple[str, tuple[Task, ...]], list[str]] = {}
    for each in found:
        if not each.toolchain and any(task.category not in ("", METADATA) for task in each.tasks):
            places.setdefault((each.pipeline, each.tasks), []).extend(filter(None, each.places))
    for at, ((pipeline, tasks), where) in enumerate(places.items()):
        title = f"Steps of {pipeline} on {', '.join(where)}".removesuffix(" on ")
        yield _Section(100 + at, f"the graph of {pipeline}", _folded(title, [_steps(tasks)]))


def _more(change: Change) -> Iterator[_Section]:
    """What is left out first."""
    if tools := [each for each in change.pipelines if each.toolchain]:
        rows = [f"- {prose(each.environment)} {code(each.pipeline)} on {_places(each.places)}" for each in tools]
        yield _Section(50, "new versions", _folded(f"Same content, new version: {tools[0].toolchain}", rows))
    if change.objects:
        rows = [_objects(alike, change.called(alike[0].action)) for alike in _alike(change.objects, _fate)]
        title = f"Objects ({sum(len(each.places) for each in change.objects)})"
        yield _Section(60, "objects", _folded(title, rows))
    fields = [(each, line) for each in change.objects for line in each.lines]
    if rows := [_fields(alike) for alike in _alike(fields, lambda each: (each[0].kind, each[0].places, each[1]))]:
        yield _Section(1000, "fields", _folded(f"Fields that nothing above speaks of ({len(rows)})", rows))
    if len(rows := [_input(each) for each in change.inputs if not each.in_base]) > _FEW_INPUTS:
        yield _Section(500, "inputs", _folded(f"Inputs ({len(rows)})", rows))
    if change.files:
        rows = [f"- {code(file)}" for file in change.files]
        yield _Section(2000, "files", _folded(f"Files ({len(rows)})", rows))


def _run(run: RunChange) -> str:
    rows = [
        (code(each.name), prose(each.before), prose(each.after), prose(each.difference), each.verdict, prose(each.how))
        for each in run.measures
    ]
    lines = [f"#### {prose(run.pipeline)}, run before and after the change", *map(prose, run.failed)]
    lines += [_table(_METRICS, rows)] if rows else []
    lines += [f"{len(run.pictures)} pictures differ."] if run.pictures else []
    return "\n\n".join(lines)


_METRICS = ("metric", "before", "after", "difference, 95 %", "", "made of")
_INDEX = ("environment", "pipeline", "definition", "clusters", "next run")
_STEPS = ("step", "change", "next run", "why")


def _row(each: PipelineChange) -> tuple[str, ...]:
    cells = prose(each.environment), code(each.pipeline), _definition(each), str(len(each.places))
    return (*cells, prose(each.starts or "-"))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _rule(each: RuleLine) -> str:
    return f"- {code(each.origin)} {prose(each.what)}"


def _input(each: InputChange) -> str:
    also = prose(text.also(each))
    said = f"- {code(each.path)} {_values(each.before, each.after)}{also} {code(each.origin) if each.origin else ''}"
    return f"{said} in {_places(each.environments)}" if each.in_base and each.environments else said


def _fields(found: list[tuple[ObjectChange, Line]]) -> str:
    """A field that changes alike of several objects."""
    each, line = found[0]
    names = ", ".join(code(each.name) for each, _ in found)
    return f"- {_places(each.places)} {prose(each.kind)} {names} {code(line.name)}: {_excerpts(line)}"


def _places(names: Iterable[str]) -> str:
    return prose(", ".join(names))


def _definition(each: PipelineChange) -> str:
    old, new = each.definition
    same = f" (what {prose(', '.join(each.runs_already))} runs)" if each.runs_already else ""
    return code(new) if old == new else f"{code(old or '(none)')} → {code(new or '(none)')}{same}"


def _pipeline(each: PipelineChange) -> list[str]:
    rows = [f"- {prose(place)}: {_values(old or None, new or None)}" for place, old, new in each.versions if old != new]
    rows += map(_line, together(each.lines))
    rows += [_schedule(each.schedule)] if each.schedule else []
    rows += [f"- {prose(text.amount(amount))}" for amount in each.amounts]
    rows += [f"- cost {prose(text.cost(each.cost))} a run"] if each.cost else []
    rows += [f"- {prose(note)}" for note in each.notes]
    return rows or ["nothing of it changes"]


def _schedule(each: Schedule) -> str:
    said = _values(each.before or None, each.after or None)
    return f"- schedule {said}, next {prose(', '.join(each.times) or 'never')}"


def _line(line: Line) -> str:
    about = " ".join(code(part, _STEPS_OF) for part in (line.step, line.name) if part)
    return f"- {prose(line.what)} {about} {_excerpts(line)} {code(line.origin) if line.origin else ''}".rstrip()


def _steps(tasks: Iterable[Task]) -> str:
    rows = ((code(one.step), one.category or "-", one.consequence, prose(one.why)) for one in tasks)
    return f"{flowchart(tasks)}\n\n{_table(_STEPS, rows)}"


def _fate(each: ObjectChange) -> Hashable:
    """What a row says of an object beside its name."""
    return each.action, each.kind, each.why, each.places


def _objects(found: list[ObjectChange], action: str) -> str:
    """Objects of a kind that fare alike in the same places."""
    each = found[0]
    names = ", ".join(f"{code(each.name)} (was {code(each.was)})" if each.was else code(each.name) for each in found)
    why = f": {prose(each.why)}" if each.why else ""
    return f"- {prose(action)} {prose(each.kind)} {names}{why} in {_places(each.places)}"


def _alike(found: Iterable[T], of: Callable[[T], Hashable]) -> list[list[T]]:
    """Those of which the same is said, in the order of the first of each."""
    groups: dict[Hashable, list[T]] = {}
    for each in found:
        groups.setdefault(of(each), []).append(each)
    return list(groups.values())


def _values(before: str | None, after: str | None) -> str:
    return " → ".join("(none)" if value is None else code(value, _LONGEST) for value in (before, after))


def _excerpts(line: Line) -> str:
    return code(text.excerpts(line.before, line.after), 2 * _LONGEST)


def _folded(title: str, rows: Iterable[str]) -> str:
    body = "\n".join(rows)
    return f"<details><summary>{prose(title)}</summary>\n\n{body}\n\n</details>"
