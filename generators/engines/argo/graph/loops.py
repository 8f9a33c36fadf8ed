"""Loops: a template of its own around the task that is repeated, and the list of what the iterations give.

Argo repeats over the indices and not the items, since it puts an item into the name of its node, where a long or
awkward one does harm. Of its own, so that the limit on parallel iterations holds for these alone, and an empty list,
for which Argo skips the task, is still a success that gives empty lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.engines.argo.text import listed, placeholders
from generators.engines.argo.text.artifacts import Store
from generators.engines.argo.text.expressions import ABSENT, encoded, from_any, literal, tag
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.values import Value, from_json_text, item, own_input
from generators.ir.values import strict_json
from generators.ir.view import Component, Container, Declared, Loop, Task
from generators.ir.view.placeholders import inside
from generators.ir.view.tree import ARTIFACTS

EACH = "each"
_INDEX = "int(item)"


def template(
    task: Task, loop: Loop, component: Component, container: Container | None, store: Store, name: str, body: str
) -> dict[str, Any]:
    """The template `name` that repeats the template `body`, of a component that may be one with a `container`."""
    declared = list(component.all_inputs)
    given = {each.name: Value(own_input(each.name), each.kind) for each in declared}
    items = _items(loop, given)
    given[loop.item] = item(f"({items})[{_INDEX}]", given[loop.item].kind)
    each = {
        "name": EACH,
        "template": body,
        "withSequence": {"count": tag(f"string(len({items}))")},
        "arguments": {
            "parameters": [
                *({"name": parameter(other.name), "value": tag(given[other.name].expression)} for other in declared),
                *listed.arguments(component, container, given, store),
            ]
        },
    }
    inputs = [_input(other) for other in declared if other.name != loop.item]
    outputs = [_gathered(each) for each in component.all_outputs]
    return {
        "name": name,
        **({"inputs": {"parameters": inputs}} if inputs else {}),
        **({"outputs": {"parameters": outputs}} if outputs else {}),
        **({"parallelism": task.parallelism} if task.parallelism else {}),
        "dag": {"tasks": [each]},
    }


def _items(loop: Loop, given: Mapping[str, Value]) -> str:
    """The expression of the list."""
    if loop.group == ARTIFACTS:
        return given[loop.over].decoded
    if loop.raw is None:
        return from_json_text(given[loop.over].decoded)
    items = strict_json(loop.raw)
    if inside(items):
        texts = {name: value.text for name, value in given.items()}
        return f"fromJSON({placeholders.built(items, texts, {})})"
    return f"fromJSON({literal(encoded(items))})"


def _input(declared: Declared) -> dict[str, Any]:
    return {"name": parameter(declared.name)} | ({"default": ""} if declared.may_be_absent else {})


def _gathered(declared: Declared) -> dict[str, Any]:
    """The list of one output. Argo's own is of texts, or of values where all of them are lists or mappings.

    An iteration that gave none, since a condition left out what makes it, is left out of the list.
    """
    name = parameter(declared.name)
    items = f"fromJSON(tasks['{EACH}']?.outputs?.parameters?.['{name}'] ?? '[]')"
    items = f"filter({items}, # != {ABSENT})"
    if declared.is_artifact:
        expression = from_any(f"flatten(map({items}, type(#) == 'string' ? fromJSON(#) : #))")
    else:
        each = f"map({items}, type(#) == 'string' ? # : {from_any('#')})"
        expression = f"'[' + join({each}, ',') + ']'"
    return {"name": name, "valueFrom": {"expression": expression}}
