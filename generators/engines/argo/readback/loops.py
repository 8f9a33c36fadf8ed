"""Reads a loop of Argo's: a template around the one that it repeats, for each place in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generators.engines.argo.readback import expressions
from generators.ir.normal_form.neutral import MISSING, Source, Tree

_ITEM = "item of "


@dataclass(frozen=True)
class Loop:
    """What is repeated (the name of its template), over which list, how many at once, and what each is given."""

    template: str
    over: Source
    parallelism: str
    arguments: Mapping[str, Source]
    outputs: Mapping[str, Source]

    def inputs(self, outside: Mapping[str, str], inside: Mapping[str, str]) -> dict[str, str]:
        """What it declares: each is handed what was handed to the loop first, all but the item."""
        items = {name for name, source in self.arguments.items() if any(map(_is_item, source.references))}
        handed = {**outside, **{name: said for name, said in inside.items() if name in items}}
        return {name: handed[name] for name in inside if name in handed}

    def gathered(self, inside: Mapping[str, str]) -> dict[str, str]:
        """Where its outputs come from: from where those come of what it repeats."""
        return {
            name: " and ".join(inside.get(each.partition(".")[2], MISSING) for each in sorted(source.references))
            for name, source in self.outputs.items()
        }


def loop(template: Tree, given: Mapping[str, Source]) -> Loop | None:
    """The loop that a template is, if it is one: a DAG of one task with a sequence. `given` are its arguments."""
    tasks = template.get("dag", {}).get("tasks", [])
    if len(tasks) != 1 or "withSequence" not in tasks[0]:
        return None
    (each,) = tasks

    def inside(name: str) -> Source:
        return given.get(name, Source())

    return Loop(
        template=each["template"],
        over=expressions.argument(each["withSequence"].get("count", ""), inside),
        parallelism=str(template.get("parallelism", "")),
        arguments=expressions.arguments(each, inside),
        outputs=expressions.outputs(template),
    )


def _is_item(reference: str) -> bool:
    return reference.startswith(_ITEM)
