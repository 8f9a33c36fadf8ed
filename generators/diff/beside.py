"""Two environments beside one another, in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generators.diff.model import BESIDE, Change, PipelineChange
from generators.diff.words import counted, short

DIFFERS, ONLY_BASE, ONLY_HEAD = BESIDE
_FEW = 3


def sentence(change: Change) -> str:
    """What a reviewer asks: which pipelines the second has otherwise, and how many other objects."""
    said = list({each.pipeline: _clause(change, each) for each in reversed(change.pipelines)}.values())[::-1]
    more = [f"and {len(said) - _FEW} more pipelines"] if len(said) > _FEW else []
    found = [*said[:_FEW], *more, *_objects(change)]
    if not found:
        return f"{change.head} runs what {change.base} runs."
    return f"{change.head} beside {change.base}: {'; '.join(found)}."


def _clause(change: Change, each: PipelineChange) -> str:
    if each.action != DIFFERS:
        return f"{each.pipeline} is {change.called(each.action)}"
    old, new = each.definition
    values = [f"{x.name} {short(x.before)} -> {short(x.after)}" for x in each.lines if x.what == "parameter"][:_FEW]
    others = sum(line.what != "parameter" for line in each.lines)
    parts = ["the same definition" if old == new else f"definition {new} and not {old}", *values]
    parts += [f"{counted(others, 'value')} of steps"] if others else []
    return f"{each.pipeline} has {', '.join(parts)}"


def _objects(change: Change) -> Iterator[str]:
    known = {each.pipeline for each in change.pipelines}
    counts = Counter(each.action for each in change.objects if each.part not in known)
    if found := counts[DIFFERS]:
        yield f"{counted(found, 'other object')} {'differs' if found == 1 else 'differ'}"
    for action, name in ((ONLY_HEAD, change.head), (ONLY_BASE, change.base)):
        if found := counts[action]:
            yield f"{counted(found, 'object')} {'is' if found == 1 else 'are'} only in {name}"
