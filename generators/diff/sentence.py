"""The change in one sentence, from which a reviewer can decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generators.diff.model import CONSEQUENCES, Change, Destruction, Line, ObjectChange, PipelineChange

_FEW = 3
NO_EFFECT = "no effect: nothing that is rendered changes"


def sentence(change: Change) -> str:
    """What is destroyed first, then what each environment runs otherwise, and what is deleted, if only nothing."""
    if not change.has_effect:
        return f"{NO_EFFECT}."
    clauses = [_destroyed(change.destroyed)] if change.destroyed else []
    said = list(dict.fromkeys(_pipelines(change.pipelines)))
    clauses += said[:_FEW]
    if more := len(said) - _FEW:
        clauses += [f"{more} more of other pipelines"] if more > 0 else []
    others = [each for each in change.objects if each.part not in {one.pipeline for one in change.pipelines}]
    clauses += [_objects(others)] if others else []
    deleted = sum(len(each.places) for each in change.objects if each.action == "deleted")
    clauses.append(f"{counted(deleted, 'object')} deleted" if deleted else "nothing is deleted")
    return f"{'; '.join(clauses)}."


def _destroyed(found: tuple[Destruction, ...]) -> str:
    names = ", ".join(each.name for each in found[:_FEW])
    return f"DESTROYS {names}" + (f" and {len(found) - _FEW} more" if len(found) > _FEW else "")


def _pipelines(found: tuple[PipelineChange, ...]) -> Iterator[str]:
    """A clause for each change, those of all environments that are one toolchain's folded into one."""
    tools = [each for each in found if each.toolchain]
    if tools:
        runs = sum(len(each.places) for each in tools if each.starts == "on merge")
        started = f", {counted(runs, 'run')} {'starts' if runs == 1 else 'start'} on merge" if runs else ""
        names = {each.pipeline for each in tools}
        yield f"{tools[0].toolchain}: a new version of {counted(len(names), 'pipeline')}, the same content{started}"
    others = [each for each in found if not each.toolchain]
    for each in others:
        alike = [one for one in others if (one.action, one.places) == (each.action, each.places)]
        many = each.action != "updated" and len(alike) > 1
        yield f"{each.environment}: {len(alike)} pipelines are {each.action} {_where(each)}" if many else _clause(each)


def _clause(each: PipelineChange) -> str:
    parts = [f"{each.environment}: {each.pipeline} {_what(each)} {_where(each)}"]
    if values := [_value(line) for line in each.lines if line.what == "parameter"]:
        parts.append(", ".join(values[:_FEW]) + (f" and {len(values) - _FEW} more" if len(values) > _FEW else ""))
    if each.schedule:
        parts.append(f"runs {each.schedule.after or 'by no schedule'}, was {each.schedule.before or 'none'}")
    if steps := _steps(each):
        parts.append(steps)
    if each.action != "deleted":
        parts.append(_next(each))
    return "; ".join(filter(None, parts))


def _where(each: PipelineChange) -> str:
    return f"on {each.places[0] if len(each.places) == 1 else f'{len(each.places)} clusters'}"


def _what(each: PipelineChange) -> str:
    old, new = each.definition
    if each.action != "updated":
        return f"is {each.action}"
    if old != new:
        same = f" (what {', '.join(each.runs_already)} runs)" if each.runs_already else ""
        return f"moves to definition {new}{same}"
    if not any(was or is_ for _, was, is_ in each.versions):
        return "changes"
    renamed = any(was != is_ for _, was, is_ in each.versions)
    return "gets a new version" if renamed else "keeps its version"


def _value(line: Line) -> str:
    return f"{line.name} {short(line.before)} -> {short(line.after)}"


def _steps(each: PipelineChange) -> str:
    count = Counter(task.consequence for task in each.tasks if task.category not in ("", "metadata only"))
    if not count or each.action != "updated":
        return ""
    total = sum(task.category != "removed" for task in each.tasks)
    reruns = sum(count[word] for word in (CONSEQUENCES[0], CONSEQUENCES[3])) or count[CONSEQUENCES[4]]
    stale = f", {count[CONSEQUENCES[2]]} SERVED STALE" if count[CONSEQUENCES[2]] else ""
    return f"{reruns} of {total} steps rerun{stale}"


def _next(each: PipelineChange) -> str:
    if each.starts == "on merge":
        return "a run starts on merge"
    return f"next run {each.starts}" if each.starts else "no run starts by itself"


def short(text: str | None, width: int = 40) -> str:
    """A value in a sentence."""
    if text is None:
        return "(none)"
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 3]}..."


def _objects(found: list[ObjectChange]) -> str:
    """Objects of no pipeline that changes: by their names where they are few."""
    if len(found) <= _FEW:
        return ", ".join(f"{each.kind} {each.name} is {each.action}" for each in found)
    counts = Counter(each.action for each in found)
    return f"{len(found)} other objects ({', '.join(f'{count} {action}' for action, count in counts.items())})"


def counted(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
