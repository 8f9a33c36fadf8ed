"""Whether a loop goes over a list, and its items are what its body takes."""

from __future__ import annotations

from generators.errors import GraftError
from generators.inventory.paths import KeyPath
from generators.ir.validate.problem import shown
from generators.ir.validate.scope import Scope
from generators.ir.validate.values import origin
from generators.ir.values import WORDS, converted, integers, strict_json
from generators.ir.view import Component, Declared, Loop, Source, Task, placeholders
from generators.ir.view.tree import ARTIFACTS, PARAMETERS

_LISTS = ("LIST", "STRING", "")  # a string may hold a list in JSON


def check(scope: Scope) -> None:
    """Add a problem for every loop that fails before its first iteration."""
    for path, component in scope.components:
        for at, task in scope.tasks(component, path):
            if loop := task.loop:
                _over(scope, component, task, loop, at)
                _items(scope, task, loop, at)


def _over(scope: Scope, around: Component, task: Task, loop: Loop, at: KeyPath) -> None:
    tree = task.inputs(loop.group).get(loop.over)
    if tree is None:
        return
    here = (*at, "inputs", loop.group, loop.over)
    if loop.group == PARAMETERS:
        source = Source.of(tree)
        kind = "" if source.selector or source.is_constant else origin(scope, around, source, PARAMETERS)
        if kind not in _LISTS:
            scope.add("loop", here, f"the loop goes over this, which is {WORDS.get(kind, kind)}", kind, "LIST")
    elif (inner := scope.of_task(task)) and loop.over in inner.inputs(ARTIFACTS):
        declared = Declared(loop.over, ARTIFACTS, inner.inputs(ARTIFACTS)[loop.over])
        if not declared.is_list:
            message = "the loop goes over this, which is one artifact and not a list of them"
            scope.add("loop", here, message, declared.name, "isArtifactList: true")


def _items(scope: Scope, task: Task, loop: Loop, at: KeyPath) -> None:
    inner = scope.of_task(task)
    if loop.raw is None or not inner or loop.item not in inner.inputs(PARAMETERS):
        return
    wanted = Declared(loop.item, PARAMETERS, inner.inputs(PARAMETERS)[loop.item])
    for item in integers(strict_json(loop.raw)):
        try:
            if not placeholders.inside(item):
                converted(wanted.kind, item)
        except GraftError:
            here = (*at, "parameterIterator", "items", "raw")
            message = f"the loop's body takes {WORDS.get(wanted.kind, wanted.kind)}, and an item is none"
            scope.add("loop", here, message, shown(item), wanted.kind)
            return
