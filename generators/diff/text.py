"""A change as text for a terminal or a log: what is decided by first, details last; in colour where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from generators.diff.model import (
    ACTIONS,
    BESIDE,
    Amount,
    Change,
    Cost,
    InputChange,
    Line,
    Measure,
    ObjectChange,
    PipelineChange,
    RuleLine,
    RunChange,
    Task,
)
from generators.diff.values import together
from generators.diff.words import alike
from generators.output.plain import printable

_WIDTH = 90  # characters of one value
_MARKS = dict(zip((*ACTIONS, *BESIDE), "+~~-?~-+", strict=True))


def to_text(change: Change) -> str:
    """The whole of a change."""
    return "\n".join(printable(line) for line in lines(change))


def lines(change: Change) -> Iterator[str]:
    """The same line by line."""
    yield change.sentence
    yield f"  {change.base} -> {change.head}"
    for note in change.notes:
        yield f"  note: {note}"
    yield from (f"  cost: {cost(each)}, for one run of each pipeline on each cluster" for each in change.costs)
    yield from _section("Rules", (rule(each) for each in change.rules))
    yield from _section("Destroyed", (f"{each.name} {each.why}" for each in change.destroyed))
    yield from _section("Inputs", (_input(each) for each in change.inputs))
    for each in change.pipelines:
        if not each.toolchain:
            yield ""
            yield from _pipeline(each, change.called(each.action))
            yield from _steps(each, change.steps_of(each))
    yield from _section(
        "Same content, new version",
        (
            f"{each.environment}: {each.pipeline} ({each.toolchain}) on {', '.join(each.places)}"
            for each in change.pipelines
            if each.toolchain
        ),
    )
    for run in change.runs:
        yield from _section(f"Runs of {run.pipeline} here, before and after", _run(run))
    yield from _section(
        "Objects", (line for each in change.objects for line in _object(each, change.called(each.action)))
    )
    yield from _section("Files changed", change.files)


def _section(title: str, rows: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield from ("", title, *(f"  {row}" for row in found))


def rule(each: RuleLine) -> str:
    """A rule that changes, in words."""
    return f"{'weaker' if each.weaker else 'changed'}  {each.origin}  {each.what}"


def _input(each: InputChange) -> str:
    what = f"{each.path}: {excerpts(each.before, each.after)}{also(each)}"
    where = ", ".join(each.environments)
    return f"{what}   {each.origin}" + (f"   (in {where})" if where and each.in_base else "")


def also(each: InputChange) -> str:
    """How many other values the same line sets, and one of them."""
    more = f" and {len(each.also) - 1} more" if len(each.also) > 1 else ""
    return f", and with it {each.also[0]}{more}" if each.also else ""


def _pipeline(each: PipelineChange, action: str) -> Iterator[str]:
    where = f"{each.environment}  " if each.environment else ""
    yield f"{where}{each.pipeline}  {action}"
    for place, old, new in each.versions:
        named = f"  {old or '(none)'} -> {new or '(none)'}" if old != new else f"  {new}, as it was" if new else ""
        yield f"  {'version' if old or new else 'on':<12} {place}{named}"
    if each.definition[0] != each.definition[1]:
        same = f"   what {', '.join(each.runs_already)} runs" if each.runs_already else ""
        yield f"  definition   {each.definition[0] or '(none)'} -> {each.definition[1] or '(none)'}{same}"
    for line in together(each.lines):
        yield f"  {_line(line)}"
    if each.schedule:
        yield f"  schedule     {each.schedule.before or '(none)'} -> {each.schedule.after or '(none)'}"
        if each.schedule.times:
            yield f"    next       {', '.join(each.schedule.times)}"
    if each.action in ("created", "updated"):
        yield f"  next run     {each.starts or 'when somebody starts one'}"
    yield from (f"  {amount(one)}" for one in each.amounts)
    if each.cost:
        yield f"  {'cost':<12} {cost(each.cost)} a run"
    yield from (f"  note: {note}" for note in each.notes)


def _steps(each: PipelineChange, shown: PipelineChange | None) -> Iterator[str]:
    """What becomes of each step, or where that stands already."""
    if not any(task.category for task in each.tasks):
        return
    if shown:
        yield f"  steps        as on {', '.join(shown.places)}"
        return
    yield "  steps"
    yield from (f"    {_task(task)}" for task in each.tasks)


def _line(line: Line) -> str:
    about = ": ".join(filter(None, (line.step, line.name)))
    return f"{line.what:<12} {about + ' ' if about else ''}{excerpts(line.before, line.after)}" + (
        f"   {line.origin}" if line.origin else ""
    )


def amount(amount: Amount) -> str:
    """An amount in words."""
    most = "at most " if amount.at_most else ""
    of = f" of {amount.of}" if amount.of else ""
    of += ", MORE THAN THERE IS: some steps wait" if amount.above else ""
    return f"{amount.name:<12} {most}{amount.before} -> {amount.after}{of}"


def cost(each: Cost) -> str:
    """What runs cost in words."""
    return f"at most {each.before} -> {each.after} {each.currency}".rstrip()


def _task(task: Task) -> str:
    indent = "  " * task.step.count("/")
    said = ", ".join(filter(None, (task.category or "unchanged", task.consequence)))
    return f"{indent}{task.step}: {said}" + (f" ({task.why})" if task.why else "")


def _run(run: RunChange) -> Iterator[str]:
    yield from run.failed
    yield from (measure(each) for each in run.measures)
    for before, after in run.pictures:
        yield f"picture {before or '(none)'} -> {after or '(none)'}"


def measure(each: Measure) -> str:
    """A metric of two runs in words."""
    if each.before == each.after:
        return f"{each.name}: {each.after}, {each.verdict}"
    difference = f", difference {each.difference}" if each.difference else ""
    how = f" ({each.how})" if each.how else ""
    return f"{each.name}: {each.before or '(none)'} -> {each.after or '(none)'}{difference}: {each.verdict}{how}"


def _object(each: ObjectChange, action: str) -> Iterator[str]:
    was = (
        f" (was {each.was}, which {'goes' if each.action == 'deleted' else 'stays until it is cleaned up'})"
        if each.was
        else ""
    )
    why = f": {each.why}" if each.why else ""
    yield f"{_MARKS[each.action]} {action} {each.kind} {each.name}{was}{why}   {', '.join(each.places)}"
    for line in each.lines:
        yield f"    {line.name}: {excerpts(line.before, line.after)}"


def excerpts(before: str | None, after: str | None, width: int = _WIDTH) -> str:
    """Two values, of long ones what differs with a little around it."""
    if before is None or after is None or max(len(before), len(after)) <= width:
        return f"{_shown(before)} -> {_shown(after)}"
    start = max(alike(before, after) - width // 3, 0)
    return f"{_shown(before[start:], start)} -> {_shown(after[start:], start)}"


def _shown(text: str | None, cut: int = 0) -> str:
    if text is None:
        return "(none)"
    lead, line = "..." if cut else "", text.replace("\n", "\\n")
    return f"{lead}{line}" if len(line) <= _WIDTH else f"{lead}{line[:_WIDTH]}..."
