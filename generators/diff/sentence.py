"""The change in one sentence, from which a reviewer can decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generators.delivery.secrets import REQUIRED
from generators.delivery.serving import KIND
from generators.diff.clauses import FEW, KEPT, clauses_of, few
from generators.diff.model import Change, Destruction, InputChange, ObjectChange, RuleLine
from generators.diff.words import counted, turned

_EVERYWHERE = "NetworkPolicy"  # of what every cluster has one
NOTHING = "nothing that is rendered changes"
NO_EFFECT = f"no effect: {NOTHING}"


def sentence(change: Change) -> str:
    """What is destroyed first, then what each environment runs otherwise, and what is deleted, if only nothing."""
    rules = _rules(change.rules)
    if not change.has_effect:
        return f"{'; '.join([*rules, NOTHING])}." if rules else f"{NO_EFFECT}."
    clauses = [_destroyed(change.destroyed)] if change.destroyed else []
    clauses += [
        *rules,
        *_policies(change.objects),
        *_moved(change.inputs),
        *_needed(change.objects),
        *_served(change.objects),
    ]
    said = clauses_of(change.pipelines, change.inputs)
    clauses += [each.text for each in said[:FEW]]
    if more := said[FEW:]:
        clauses.append(f"{len(more)} more in {', '.join(dict.fromkeys(each.environment for each in more))}")
    known = {one.pipeline for one in change.pipelines}
    others = [each for each in change.objects if each.part not in known and not _is_other_policy(each)]
    clauses += few(_untold(change))
    clauses += [_objects(others)] if others else []
    deleted = sum(len(each.places) for each in change.objects if each.action == "deleted")
    clauses.append(f"{counted(deleted, 'object')} deleted" if deleted else "nothing is deleted")
    return f"{'; '.join(clauses)}."


def _destroyed(found: tuple[Destruction, ...]) -> str:
    """The names where they are few, else how many of each kind where."""
    if len(found) <= FEW:
        return f"DESTROYS {', '.join(_whole(each.name) for each in found)}"
    places: dict[str, Counter[str]] = {}
    for each in found:
        place, kind = "/".join(each.name.split("/")[:2]), "/".join(each.name.split("/")[2:3])
        places.setdefault(place, Counter())[kind] += bool(kind)
    said = [f"{place}{_kinds(kinds)}" if kinds.total() else _whole(place) for place, kinds in places.items()]
    return f"DESTROYS {', '.join(said[:FEW])}" + (f" and more in {len(said) - FEW} places" if said[FEW:] else "")


def _whole(name: str) -> str:
    """What a name is of: an object, or a cluster that loses much at once."""
    return name if name.count("/") > 1 else f"much of {name}"


def _kinds(found: Counter[str]) -> str:
    counts = ", ".join(counted(count, kind) for kind, count in found.items() if count)
    return f" ({counts})" if counts else ""


def _rules(found: tuple[RuleLine, ...]) -> list[str]:
    """What the change is judged by refuses less: without another effect it takes effect on whatever comes later."""
    names = list(dict.fromkeys(each.file for each in found if each.weaker))
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return [f"RULES ARE WEAKER: {', '.join(names[:FEW])}{more}"] if names else []


def _policies(found: tuple[ObjectChange, ...]) -> list[str]:
    """What clusters refuse is another: loosened it takes effect on whatever comes later. Not where a cluster goes."""
    going = {place for each in found if (each.action, each.kind) == ("deleted", _EVERYWHERE) for place in each.places}
    changed = (each for each in found if _is_other_policy(each) and each.action != "created")
    names = dict.fromkeys(f"{each.name}{_loosened(each)}" for each in changed if not going.issuperset(each.places))
    shown = ", ".join(list(names)[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
    return [f"POLICIES CHANGE: {shown}"] if names else []


def _loosened(each: ObjectChange) -> str:
    """What becomes of what was denied, where that changes."""
    if each.action == "deleted":
        return " (deleted)"
    denied = (line.after for line in each.lines if line.before == "Deny" and "validationActions" in line.name)
    return next((f" (Deny -> {after or 'nothing'})" for after in denied), "")


def _moved(found: tuple[InputChange, ...]) -> Iterator[str]:
    """What runs have left behind is not where the next ones look for it."""
    for each in (each for each in found if each.path in KEPT and each.before and each.after):
        what = f"{KEPT[each.path]} {turned(each.before, each.after)}"
        yield f"{', '.join(each.environments)} MOVES to another {what}: what is in the old one stays there"


def _needed(found: tuple[ObjectChange, ...]) -> Iterator[str]:
    """The Secrets, or keys of them, that a namespace must have now: without them its steps do not start."""
    needs: dict[tuple[str, str], list[str]] = {}
    for each in (each for each in found if (each.kind, each.name) == ("ConfigMap", REQUIRED)):
        for line in (line for line in each.lines if line.name.startswith("data.")):
            if keys := [key for key in (line.after or "").split() if key not in (line.before or "").split()]:
                name = line.name.partition(".")[2].strip('"')
                needs.setdefault((name, ", ".join(keys)), []).extend(place.partition("/")[0] for place in each.places)
    for (name, keys), environments in list(needs.items())[:FEW]:
        yield f"NEEDS the Secret {name} ({keys}) in {', '.join(dict.fromkeys(environments))}"


def _served(found: tuple[ObjectChange, ...]) -> Iterator[str]:
    """What answers requests, and how many of them: no version of a pipeline says it."""
    services = (each for each in found if each.kind == KIND and each.action == "updated")
    for each in services:
        spec = [line for line in each.lines if line.name.startswith("spec.")]
        said = [f"{line.name.rpartition('.')[2]} {turned(line.before, line.after)}" for line in spec]
        if said:
            yield f"SERVING CHANGES: {each.name} ({', '.join(said[:FEW])})"


def _is_other_policy(each: ObjectChange) -> bool:
    """Whether a policy says something else, in more than its labels."""
    said = each.action != "updated" or any(not line.name.startswith("metadata.") for line in each.lines)
    return each.kind.startswith("ValidatingAdmissionPolicy") and said


def _untold(change: Change) -> list[str]:
    """The values that change for environments of which no pipeline changes: only their objects tell of them."""
    told = {each.environment for each in change.pipelines}
    left = (each for each in change.inputs if each.environments and not told & set(each.environments))
    return [f"{each.path} {turned(each.before, each.after)}" for each in left]


def _objects(found: list[ObjectChange]) -> str:
    """Objects of no pipeline that changes: by their names where they are few, else how many of each kind."""
    if len(found) <= FEW:
        return ", ".join(f"{each.kind} {each.name} is {each.action}" for each in found)
    counts = Counter((each.kind, each.action) for each in found).most_common()
    rest = sum(count for _, count in counts[FEW:])
    more = f" and {counted(rest, 'other object')}" if rest else ""
    return ", ".join(f"{counted(count, kind)} {action}" for (kind, action), count in counts[:FEW]) + more
