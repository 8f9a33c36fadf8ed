"""Reads Argo's expressions: what the value of one is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from generators.engines.argo.readback import language
from generators.engines.argo.readback.language import only_tag, tags, tokens
from generators.ir.normal_form.neutral import Source, Tree, canonical, put_together

Inputs = Callable[[str], Source]

STATUS = "status of "
_IMPORTED = re.compile(r""""uri":' \+ (.*?) \+ ',"metadata":' \+ (.*)""", re.DOTALL)
_VARIABLE = re.compile(r"\$\$|\$\(([^)]*)\)")
_OF_THE_RUN = {"the run", "the workspace"}


def own(name: str) -> Source:
    """An input of the DAG that an expression stands in."""
    return Source(frozenset({f"input {name}"}))


def its(name: str) -> Source:
    """An input of the task whose template an expression stands in."""
    return Source(frozenset({f"its {name}"}))


def arguments(task: Tree, inputs: Inputs = own) -> dict[str, Source]:
    """Where the values come from that a task of a DAG is given; `inputs` says it of the inputs around it."""
    given = task.get("arguments", {}).get("parameters", [])
    return {entry["name"]: argument(entry.get("value", ""), inputs) for entry in given}


def outputs(template: Tree) -> dict[str, Source]:
    """Where the outputs of a DAG come from."""
    listed = template.get("outputs", {}).get("parameters", [])
    return {entry["name"]: made_of(entry.get("valueFrom", {}).get("expression", "")) for entry in listed}


def argument(text: str, inputs: Inputs) -> Source:
    """Where one value comes from: one tag, or the JSON of a constant."""
    expression = only_tag(text)
    return made_of(expression, inputs) if expression is not None else _constant(text)


def made_of(expression: str, inputs: Inputs = own) -> Source:
    """What the value of an expression is made of; `inputs` says it of the inputs that it speaks of."""
    references: set[str] = set()
    keys: list[str] = []
    constants: list[str] = []
    repeated = False
    for token in tokens(expression):
        match token.kind:
            case "input":
                taken = inputs(token.text)
                references |= taken.references
                keys += taken.keys
                constants += [taken.constant] if taken.constant else []
            case "key":
                keys.append(token.text)
            case "literal":
                constants.append(token.text)
            case "item":
                repeated = True
            case _:
                references.add(_reference(token.kind, token.text, token.task))
    # A status guards an output that may not be there; alone, with the run's name, it makes a final status.
    statuses = {name for name in references if name.startswith(STATUS)}
    chosen = (references - statuses - {"the run"} or statuses) if statuses else references
    # The constant that an expression is about stands first in it; what follows are marks of the language.
    constant = _constant(constants[0]).constant if constants and not references else ""
    found = Source(frozenset(chosen), tuple(dict.fromkeys(keys)), constant)
    return Source(frozenset({f"item of {found}"})) if repeated else found


def put_in(text: str, inputs: Inputs, places: Mapping[str, str] | None = None) -> str:
    """A text as it is, or what is put into it; `places` names the paths in the pod that mean something.

    The run's own names and ids go unsaid.
    """
    if not tags(text):
        return text
    expression = only_tag(text)
    if expression is None:
        return text
    named = {name for token in tokens(expression) if (name := (places or {}).get(token.text))}
    return put_together(made_of(expression, inputs).references - _OF_THE_RUN | named)


def asked(text: str) -> set[str]:
    """The inputs of its template that the tags of a text ask for."""
    return {name for tag in tags(text) for name in language.inputs(tag)}


def imported(artifact: str) -> tuple[str, str]:
    """The URI of an importer's artifact, a constant or the inputs that it is made of, and those of its metadata."""
    match = _IMPORTED.search(only_tag(artifact) or "")
    uri, metadata = (made_of(part, its) for part in match.groups()) if match else (Source(), Source())
    return uri.constant or put_together(uri.references), put_together(metadata.references - _OF_THE_RUN)


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """What kubelet makes of `$(NAME)` and `$$`; a name that it does not know stays as it is."""
    return _VARIABLE.sub(lambda match: "$" if match[0] == "$$" else variables.get(match[1], match[0]), text)


def filled_json(text: str) -> Any:
    """JSON in which tags stand for values, or within strings, each tag left as a string."""
    return json.loads(re.sub(r'"?(\{\{=.*?\}\})"?', lambda match: json.dumps(match[1]), text, flags=re.DOTALL))


def _reference(kind: str, text: str, task: str) -> str:
    match kind:
        case "output":
            return f"{task}.{text}"
        case "status":
            return f"{STATUS}{text}"
        case "given":
            return f"the run's {text}"
        case _:
            return f"the {kind}"


def _constant(text: str) -> Source:
    try:
        return Source(constant=canonical(json.loads(text)))
    except ValueError:
        return Source(constant=text)
