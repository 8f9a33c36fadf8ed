"""Loops: a template of its own around the task that is repeated, and the list of what the iterations give.

Argo repeats over the indices and not the items, since it puts an item into the name of its node, where a long or
awkward one does harm. Of its own, so that the limit on parallel iterations holds for these alone, and an empty list,
for which Argo skips the task, is still a success that gives empty lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.engines.argo.graph import dataflow
from generators.engines.argo.graph.dataflow import ARTIFACTS, PARAMETERS, Value, is_optional
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import ABSENT, encoded, from_any, literal, member, tag
from generators.engines.argo.text.names import parameter
from generators.errors import GraftError
from generators.ir.values import kind_of, strict_json

EACH = "each"
_INDEX = "int(item)"


def template(task: Mapping[str, Any], component: Mapping[str, Any], name: str, body: str) -> dict[str, Any]:
    """The template `name` that repeats the template `body`; a GraftError where the list is not handed in."""
    declared = component.get("inputDefinitions", {})
    specs = {item: spec for group in (PARAMETERS, ARTIFACTS) for item, spec in declared.get(group, {}).items()}
    given = {item: Value(member("inputs.parameters", parameter(item)), kind_of(specs.get(item, {}))) for item in specs}
    items, item = _items(task, given)
    given[item] = dataflow.item(f"({items})[{_INDEX}]", kind_of(specs.get(item, {})))
    each = {
        "name": EACH,
        "template": body,
        "withSequence": {"count": tag(f"string(len({items}))")},
        "arguments": {
            "parameters": [{"name": parameter(name), "value": tag(given[name].expression)} for name in specs]
        },
    }
    limit = int(task.get("iteratorPolicy", {}).get("parallelismLimit", 0))
    inputs = [_input(other, specs[other]) for other in specs if other != item]
    outputs = [_gathered(group, key) for group, key in _outputs(component)]
    return {
        "name": name,
        **({"inputs": {"parameters": inputs}} if inputs else {}),
        **({"outputs": {"parameters": outputs}} if outputs else {}),
        **({"parallelism": limit} if limit else {}),
        "dag": {"tasks": [each]},
    }


def item_of(task: Mapping[str, Any]) -> str:
    """The input of the repeated component that takes the item."""
    return (task.get("parameterIterator") or task["artifactIterator"])["itemInput"]


def _items(task: Mapping[str, Any], given: Mapping[str, Value]) -> tuple[str, str]:
    """The expression of the list, and the name of the input that takes its item."""
    if "artifactIterator" in task:
        return _handed(given, task["artifactIterator"]["items"]["inputArtifact"]).decoded, item_of(task)
    source = task["parameterIterator"]["items"]
    if "raw" not in source:
        return dataflow.from_json_text(_handed(given, source["inputParameter"]).decoded), item_of(task)
    try:
        items = strict_json(source["raw"])
    except ValueError as error:
        raise GraftError(f"the items of a loop are no JSON: {error}") from None
    if placeholders.inside(items):
        texts = {name: value.text for name, value in given.items()}
        return f"fromJSON({placeholders.built(items, texts, {})})", item_of(task)
    return f"fromJSON({literal(encoded(items))})", item_of(task)


def _handed(given: Mapping[str, Value], name: str) -> Value:
    if name not in given:
        raise GraftError(f"a loop goes over {name}, which its task is not given")
    return given[name]


def _input(name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": parameter(name)} | ({"default": ""} if is_optional(spec) else {})


def _outputs(component: Mapping[str, Any]) -> list[tuple[str, str]]:
    outputs = component.get("outputDefinitions", {})
    return [(group, name) for group in (PARAMETERS, ARTIFACTS) for name in outputs.get(group, {})]


def _gathered(group: str, name: str) -> dict[str, Any]:
    """The list of one output. Argo's own is of texts, or of values where all of them are lists or mappings.

    An iteration that gave none, since a condition left out what makes it, is left out of the list.
    """
    items = f"fromJSON(tasks['{EACH}']?.outputs?.parameters?.['{parameter(name)}'] ?? '[]')"
    items = f"filter({items}, # != {ABSENT})"
    if group == ARTIFACTS:
        expression = from_any(f"flatten(map({items}, type(#) == 'string' ? fromJSON(#) : #))")
    else:
        each = f"map({items}, type(#) == 'string' ? # : {from_any('#')})"
        expression = f"'[' + join({each}, ',') + ']'"
    return {"name": parameter(name), "valueFrom": {"expression": expression}}
