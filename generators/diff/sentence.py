"""The change in one sentence, from which a reviewer can decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generators.diff.model import CONSEQUENCES, Change, Destruction, Line, ObjectChange, PipelineChange, RuleLine

_FEW = 3
_EVERYWHERE = "NetworkPolicy"  # of what every cluster has one
NOTHING = "nothing that is rendered changes"
NO_EFFECT = f"no effect: {NOTHING}"


def sentence(change: Change) -> str:
    """What is destroyed first, then what each environment runs otherwise, and what is deleted, if only nothing."""
    rules = _rules(change.rules)
    if not change.has_effect:
        return f"{'; '.join([*rules, NOTHING])}." if rules else f"{NO_EFFECT}."
    clauses = [_destroyed(change.destroyed)] if change.destroyed else []
    clauses += [*rules, *_policies(change.objects)]
    said = list(dict.fromkeys(_pipelines(change.pipelines)))
    clauses += said[:_FEW]
    if more := len(said) - _FEW:
        clauses += [f"{more} more of other pipelines"] if more > 0 else []
    known = {one.pipeline for one in change.pipelines}
    others = [each for each in change.objects if each.part not in known and not _is_policy(each)]
    clauses += [_objects(others)] if others else []
    deleted = sum(len(each.places) for each in change.objects if each.action == "deleted")
    clauses.append(f"{counted(deleted, 'object')} deleted" if deleted else "nothing is deleted")
    return f"{'; '.join(clauses)}."


def _destroyed(found: tuple[Destruction, ...]) -> str:
    """The names where they are few, else how many of each kind where."""
    if len(found) <= _FEW:
        return f"DESTROYS {', '.join(each.name for each in found)}"
    places: dict[str, Counter[str]] = {}
    for each in found:
        place, kind = "/".join(each.name.split("/")[:2]), "/".join(each.name.split("/")[2:3])
        places.setdefault(place, Counter())[kind] += bool(kind)
    said = [f"{place}{_kinds(kinds)}" for place, kinds in places.items()]
    return f"DESTROYS {', '.join(said[:_FEW])}" + (f" and more in {len(said) - _FEW} places" if said[_FEW:] else "")


def _kinds(found: Counter[str]) -> str:
    counts = ", ".join(counted(count, kind) for kind, count in found.items() if count)
    return f" ({counts})" if counts else ""


def _rules(found: tuple[RuleLine, ...]) -> list[str]:
    """What the change is judged by refuses less: without another effect it takes effect on whatever comes later."""
    names = list(dict.fromkeys(each.file for each in found if each.weaker))
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return [f"RULES ARE WEAKER: {', '.join(names[:_FEW])}{more}"] if names else []


def _policies(found: tuple[ObjectChange, ...]) -> list[str]:
    """What clusters refuse is another: loosened it takes effect on whatever comes later. Not where a cluster goes."""
    going = {place for each in found if (each.action, each.kind) == ("deleted", _EVERYWHERE) for place in each.places}
    changed = (each for each in found if _is_policy(each) and each.action in ("updated", "deleted"))
    names = dict.fromkeys(f"{each.name}{_loosened(each)}" for each in changed if not going.issuperset(each.places))
    shown = ", ".join(list(names)[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
    return [f"POLICIES CHANGE: {shown}"] if names else []


def _loosened(each: ObjectChange) -> str:
    """What becomes of what was denied, where that changes."""
    if each.action == "deleted":
        return " (deleted)"
    denied = (line.after for line in each.lines if line.before == "Deny" and "validationActions" in line.name)
    return next((f" (Deny -> {after or 'nothing'})" for after in denied), "")


def _is_policy(each: ObjectChange) -> bool:
    return each.kind.startswith("ValidatingAdmissionPolicy")


def _pipelines(found: tuple[PipelineChange, ...]) -> Iterator[str]:
    """A clause for each change, those of all environments that are one toolchain's folded into one.

    An environment of which more pipelines change than can be named has one clause, which counts.
    """
    tools = [each for each in found if each.toolchain]
    if tools:
        runs = sum(len(each.places) for each in tools if each.starts == "on merge")
        started = f", {_started(runs)} on merge" if runs else ""
        names = {each.pipeline for each in tools}
        yield f"{tools[0].toolchain}: a new version of {counted(len(names), 'pipeline')}, the same content{started}"
    for environment in dict.fromkeys(each.environment for each in found if not each.toolchain):
        yield from _environment([each for each in found if each.environment == environment and not each.toolchain])


def _environment(found: list[PipelineChange]) -> Iterator[str]:
    """The clauses of one environment's pipelines."""
    for action in dict.fromkeys(each.action for each in found):
        alike = [each for each in found if each.action == action]
        names = {each.pipeline for each in alike}
        if len(names) > (_FEW if action == "updated" else 1):
            yield _counting(alike, action, len(names))
            continue
        said: dict[tuple[str, str], list[str]] = {}
        for each in alike:
            said.setdefault(_clause(each), []).extend(each.places)
        yield from ("; ".join(filter(None, (f"{what} {_on(places)}", more))) for (what, more), places in said.items())


def _counting(found: list[PipelineChange], action: str, names: int) -> str:
    """So many pipelines of one environment, in numbers."""
    places = list(dict.fromkeys(place for each in found for place in each.places))
    environment = found[0].environment
    if action != "updated":
        return f"{environment}: {names} pipelines are {action} {_on(places)}"
    runs = sum(len(each.places) for each in found if each.starts == "on merge")
    stale = sum(task.consequence == CONSEQUENCES[2] for each in found for task in each.tasks)
    parts = [f"{environment}: {names} pipelines change {_on(places)}"]
    parts += [f"{counted(stale, 'step')} SERVED STALE"] if stale else []
    above = len({each.pipeline for each in found if any(amount.above for amount in each.amounts)})
    parts += [f"{above} {'WAITS' if above == 1 else 'WAIT'} for room"] if above else []
    parts.append(f"{_started(runs)} on merge" if runs else "no run starts on merge")
    return "; ".join(parts)


def _started(runs: int) -> str:
    return f"{counted(runs, 'run')} {'starts' if runs == 1 else 'start'}"


def _clause(each: PipelineChange) -> tuple[str, str]:
    """What becomes of a pipeline, and what that means, between which it is said where."""
    parts = []
    if values := [_value(line) for line in each.lines if line.what == "parameter"]:
        parts.append(", ".join(values[:_FEW]) + (f" and {len(values) - _FEW} more" if len(values) > _FEW else ""))
    if each.schedule:
        parts.append(f"runs {each.schedule.after or 'by no schedule'}, was {each.schedule.before or 'none'}")
    if steps := _steps(each):
        parts.append(steps)
    parts += [f"WAITS for room ({one.name} {one.after} of {one.of})" for one in each.amounts if one.above][:1]
    if each.action != "deleted":
        parts.append(_next(each))
    return f"{each.environment}: {each.pipeline} {_what(each)}", "; ".join(filter(None, parts))


def _on(places: list[str]) -> str:
    return f"on {places[0] if len(places) == 1 else f'{len(places)} clusters'}"


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
