"""KFP's placeholders, `{{$.inputs.parameters['x']}}` and its kin, as expressions of Argo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.engines.argo.refusals import Unsupported
from generators.engines.argo.text.expressions import encoded, from_text, joined, literal
from generators.ir.view import Source
from generators.ir.view.placeholders import PATTERN, inside, keys, named, strings

_UUID = "let the pod say it: kubernetes.use_field_path_as_env(task, env_name=..., field_path='metadata.uid')"
# Stands for the id of a task in a constant that its DAG hands it, until its pod, which alone knows it, puts it in.
TASK_ID = "<graft: the id of this task>"
# What a job is called; the task's own two are known only in its pod.
JOB = {
    "pipeline_job_name": "workflow.name",
    "pipeline_job_resource_name": "workflow.name",
    "pipeline_job_uuid": "workflow.uid",
    "pipeline_job_create_time_utc": "workflow.creationTimestamp.RFC3339",
    "workspace_path": literal("/kfp-workspace"),
    "pipeline_job_schedule_time_utc": "(workflow.scheduledTime ?? workflow.creationTimestamp.RFC3339)",
}


def asks_for_task_id(source: Source) -> bool:
    """Whether the source of an input is a constant with the id of the task in it."""
    return any(["pipeline_task_uuid"] in named(text) for text in strings(source.value))


def with_task_id(text: str) -> str:
    """The expression of a text, or of the JSON of one, with the pod's name in place of what stands for it."""
    return f"replace({text}, {literal(TASK_ID)}, pod.name)"


def filled(template: str, parameters: Mapping[str, str], more: Mapping[str, str]) -> str:
    """The expression for `template` with its placeholders put in; Unsupported for one that nothing here knows.

    `parameters` maps an input to the expression of its text, `more` any other dotted name.
    """
    parts, position = [], 0
    for match in PATTERN.finditer(template):
        if text := template[position : match.start()]:
            parts.append(literal(text))
        parts.append(_value(keys(match), match[0], parameters, more))
        position = match.end()
    if rest := template[position:]:
        parts.append(literal(rest))
    return joined(parts)


def built(value: Any, parameters: Mapping[str, str], more: Mapping[str, str]) -> str:
    """The expression for the JSON that travels for a constant whose strings hold placeholders."""
    if not inside(value):
        return literal(encoded(value))
    if isinstance(value, str):
        return from_text(filled(value, parameters, more))
    if isinstance(value, list):
        return _enclosed("[", [built(item, parameters, more) for item in value], "]")
    pairs = [
        f"{built(key, parameters, more)} + {literal(':')} + {built(item, parameters, more)}"
        if inside(key)
        else f"{literal(f'{encoded(key)}:')} + {built(item, parameters, more)}"
        for key, item in value.items()
    ]
    return _enclosed("{", pairs, "}")


def _enclosed(first: str, parts: list[str], last: str) -> str:
    return " + ".join([literal(first), " + ',' + ".join(parts), literal(last)])


def _value(keys: list[str], text: str, parameters: Mapping[str, str], more: Mapping[str, str]) -> str:
    for length in range(len(keys), 0, -1):
        if found := _known(keys[:length], parameters, more):
            return found if length == len(keys) else _inside(found, keys[length:])
    if len(keys) == 1 and keys[0] in JOB:
        return JOB[keys[0]]
    if keys == ["pipeline_task_uuid"]:
        raise Unsupported("placeholder", f"the placeholder {text} is known only in the task's pod", _UUID)
    if not keys:
        message = "the whole executor input is handed only to the KFP executor of a Python component"
        raise Unsupported("placeholder", message, "hand over each input by a placeholder of its own")
    if keys == ["pipeline_root"]:
        raise Unsupported("placeholder", "the pipeline root is not handed to tasks", "give it to them as a parameter")
    raise Unsupported("placeholder", f"the placeholder {text} names nothing that a pod of Argo knows")


def _known(keys: list[str], parameters: Mapping[str, str], more: Mapping[str, str]) -> str | None:
    if keys[:2] == ["inputs", "parameters"] and len(keys) == 3:
        return parameters.get(keys[2])
    return more.get(".".join(keys))


def _inside(expression: str, keys: list[str]) -> str:
    """The text of a part of the JSON that an expression gives: a string as it is, the rest as JSON."""
    path = "".join(f"[{key}]" if key.isdigit() else f"[{literal(key)}]" for key in keys)
    part = f"fromJSON({expression}){path}"
    return f"(type({part}) == 'string' ? {part} : toJson({part}))"
