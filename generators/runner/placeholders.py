"""KFP's placeholders: `{{$.inputs.parameters['x']}}` and its kin, put in once, what they put in never read again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from generators.errors import GraftError
from generators.ir.values import text_of
from generators.ir.view.placeholders import PATTERN, Concat, Element, element, keys

_MISSING = object()

ABSENT = object()  # an input that a task has and nothing gave: its name in a text is an error, not text


def view(executor_input: Mapping[str, Any], parameters: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """What placeholders may name, as one tree: the inputs, the outputs, and the names of job and task."""
    inputs, outputs = executor_input.get("inputs", {}), executor_input.get("outputs", {})
    files = {name: {"output_file": value["outputFile"]} for name, value in outputs.get("parameters", {}).items()}
    return {
        "": executor_input,
        "inputs": {"parameters": parameters, "artifacts": _artifacts(inputs)},
        "outputs": {
            "parameters": files,
            "artifacts": _artifacts(outputs),
            "output_file": outputs.get("outputFile", ""),
        },
        "outputMetadataUri": outputs.get("outputFile", ""),
        **names,
    }


def fill(template: Any, tree: Mapping[str, Any], strict: bool = False) -> Any:
    """`template`, a string or lists and mappings of them, with its placeholders put in.

    Text that only looks like a placeholder stays. With `strict`, an input or output that has no value is an error.
    """
    if isinstance(template, list):
        return [fill(item, tree, strict) for item in template]
    if isinstance(template, dict):
        return {fill(key, tree, strict): fill(item, tree, strict) for key, item in template.items()}
    if not isinstance(template, str):
        return template
    return PATTERN.sub(lambda match: _replacement(match, tree, strict), template)


def arguments(templates: Iterable[str], tree: Mapping[str, Any]) -> list[str]:
    """A command or its args with every placeholder put in, those that give no argument or several included."""
    return [argument for template in templates for argument in _arguments(element(template), tree)]


def _artifacts(group: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _artifact(value["artifacts"]) for name, value in group.get("artifacts", {}).items()}


def _artifact(artifacts: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of the first of `artifacts`, and under `""` all of them, which is what the bare name stands for."""
    first = artifacts[0] | {"path": artifacts[0]["uri"]} if artifacts else {}
    return {"": artifacts, **first}


def _replacement(match: re.Match[str], tree: Mapping[str, Any], strict: bool) -> str:
    path, value = keys(match), tree
    for key in path:
        value = _step(value, key)
    if value not in (_MISSING, ABSENT, None):
        return text_of(value[""] if isinstance(value, dict) and "" in value else value)
    if value is ABSENT or (strict and path[0] in ("inputs", "outputs")):
        raise GraftError(
            f"{match[0]} has no value",
            "wrap an optional input in dsl.IfPresentPlaceholder, or give it a default",
        )
    return match[0]


def _step(value: Any, key: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(key, _MISSING)
    if isinstance(value, list) and key.isdigit() and int(key) < len(value):
        return value[int(key)]
    return _MISSING


def _arguments(template: Element, tree: Mapping[str, Any]) -> list[str]:
    if isinstance(template, str):
        return [fill(template, tree, strict=True)]
    if isinstance(template, Concat):
        return ["".join(_all(template.parts, tree))]
    given = tree["inputs"]["parameters"].get(template.name) is not None
    return _all(template.then if given or template.name in tree["inputs"]["artifacts"] else template.otherwise, tree)


def _all(templates: Iterable[Element], tree: Mapping[str, Any]) -> list[str]:
    return [argument for item in templates for argument in _arguments(item, tree)]
