"""A task of any other image: no program of ours is in it, so Argo puts the values in, and kubelet the braces.

What stands in a command goes through Argo's substitution more than once, and then through kubelet's, which replaces
`$(NAME)` and reads `$$` as `$`. So each brace of a value is written as `$(GRAFT_BRACE)` and each dollar twice: Argo
meets no tag, and the container gets the value as it is. All of it is the container's command, since Argo would put long
args where kubelet does not look.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from generators.engines.argo.graph.dataflow import ARTIFACTS, PARAMETERS, Value, with_default
from generators.engines.argo.pod.pods import BRACE
from generators.engines.argo.refusals import NoForm
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.artifacts import INPUTS, OUTPUTS, Store, companion, raw
from generators.engines.argo.text.expressions import ABSENT, encoded, literal, member, tag
from generators.engines.argo.text.names import parameter
from generators.ir.values import integers, kind_of

COMPANIONS = "/graft/companions"


def template(
    component: Mapping[str, Any],
    container: Mapping[str, Any],
    store: Store,
    name: str,
    present: Mapping[str, bool],
    with_id: Collection[str] = (),
) -> dict[str, Any]:
    """What Argo takes and gives, and the container's command; NoForm for a placeholder that nothing knows.

    `with_id` are the inputs that hold the id of the task.
    """
    inputs, outputs = component.get("inputDefinitions", {}), component.get("outputDefinitions", {})
    names = _Names(component, store, name, present, with_id)
    made = outputs.get(ARTIFACTS, {})
    uri = f"{store.base}{store.folder}/"
    return {
        "inputs": [
            *(
                store.input(parameter(item), f"{INPUTS}/{parameter(item)}", f"({taken(item)}?.uri ?? '')")
                for item in inputs.get(ARTIFACTS, {})
            ),
            *(
                raw(f"graft-{parameter(item)}", f"{COMPANIONS}/{parameter(item)}", companion(item, spec, uri + item))
                for item, spec in made.items()
            ),
        ],
        "outputs": {
            "parameters": [
                *(_written(item, OUTPUTS) for item in outputs.get(PARAMETERS, {})),
                *(_written(item, COMPANIONS) for item in made),
            ],
            "artifacts": [
                store.output(parameter(item), f"{OUTPUTS}/{parameter(item)}", f"{store.folder}/{item}") for item in made
            ],
        },
        **_command(names, container),
    }


def _written(name: str, folder: str) -> dict[str, Any]:
    return {"name": parameter(name), "valueFrom": {"path": f"{folder}/{parameter(name)}"}}


def _command(names: _Names, container: Mapping[str, Any]) -> dict[str, Any]:
    command, args = (
        [text for template in container.get(part, []) for text in names.arguments(placeholders.struct(template))]
        for part in ("command", "args")
    )
    return {"command": command + args} if command else {"args": args}


def needed(component: Mapping[str, Any], container: Mapping[str, Any]) -> frozenset[str]:
    """The inputs without a default that the command takes whether they are present or not."""
    found: set[str] = set()
    for template in (*container.get("command", []), *container.get("args", [])):
        found.update(_needed(placeholders.struct(template)))
    declared = component.get("inputDefinitions", {})
    specs = {**declared.get(PARAMETERS, {}), **declared.get(ARTIFACTS, {})}
    return frozenset(name for name in found if specs.get(name, {}).get("defaultValue") is None)


def _needed(template: Any) -> Iterator[str]:
    """The inputs of a text, outside what is there only if another input is present."""
    if isinstance(template, str):
        for keys in placeholders.named(template):
            if keys[:1] == ["inputs"] and len(keys) > 2:
                yield keys[2]
    elif isinstance(template, list):
        for item in template:
            yield from _needed(item)
    elif "Concat" in template:
        yield from _needed(template["Concat"])


class _Names:
    """What the placeholders of one container stand for.

    `present` says which inputs have a value; one that is not in it may or may not have one when the pipeline runs.
    """

    def __init__(
        self,
        component: Mapping[str, Any],
        store: Store,
        name: str,
        present: Mapping[str, bool],
        with_id: Collection[str],
    ) -> None:
        declared = component.get("inputDefinitions", {})
        folder = literal(f"{store.base}{store.prefix}/" if store.prefix else store.base)
        uri = f"{folder} + workflow.uid + '/' + pod.name + '/'"
        self._present = present
        self._parameters = {
            item: _parameter(item, spec, present.get(item)) for item, spec in declared.get(PARAMETERS, {}).items()
        }
        self._parameters |= {item: placeholders.with_task_id(self._parameters[item]) for item in with_id}
        self._more = {"pipeline_task_name": literal(name), "pipeline_task_uuid": "pod.name"}
        for item in component.get("outputDefinitions", {}).get(PARAMETERS, {}):
            self._more[f"outputs.parameters.{item}.output_file"] = literal(f"{OUTPUTS}/{parameter(item)}")
        for item, spec in component.get("outputDefinitions", {}).get(ARTIFACTS, {}).items():
            self._more[f"outputs.artifacts.{item}.path"] = literal(f"{OUTPUTS}/{parameter(item)}")
            self._more[f"outputs.artifacts.{item}.uri"] = f"{uri} + {literal(item)}"
            self._more[f"outputs.artifacts.{item}.name"] = literal(item)
            self._more[f"outputs.artifacts.{item}.metadata"] = literal(encoded(integers(spec.get("metadata", {}))))
        for item in declared.get(ARTIFACTS, {}):
            self._more[f"inputs.artifacts.{item}"] = f"toJson({taken(item)})"
            self._more[f"inputs.artifacts.{item}.path"] = literal(f"{INPUTS}/{parameter(item)}")
            self._more[f"inputs.artifacts.{item}.metadata"] = f"toJson({taken(item)}.metadata)"
            for field in ("uri", "name"):
                self._more[f"inputs.artifacts.{item}.{field}"] = f"{taken(item)}.{field}"

    def arguments(self, template: Any) -> list[str]:
        """The arguments that an element of a command becomes: none, one, or several."""
        if isinstance(template, str):
            return [tag(_guarded(self._text(template))) if placeholders.inside(template) else _shielded(template)]
        if isinstance(template, list):
            return [argument for item in template for argument in self.arguments(item)]
        if "Concat" in template:
            return [tag(_guarded(self._text(template)))]
        choice = template["IfPresent"]
        name = choice["InputName"]
        if name not in self._present:
            message = f"a placeholder gives an argument only if {name} is present, which is known only when it runs"
            raise NoForm("placeholder", message, "give the input a default, or put the placeholder into a Concat")
        return self.arguments(choice.get("Then" if self._present[name] else "Else") or [])

    def _text(self, template: Any) -> str:
        """The expression of one text, Concat and IfPresent inside it included."""
        if isinstance(template, str):
            for name in _needed(template):
                if not self._present.get(name, True):
                    fix = "give it one, give the input a default, or put the placeholder into an IfPresent"
                    raise NoForm("placeholder", f"its command takes {name}, which has no value", fix)
            return placeholders.filled(template, self._parameters, self._more)
        if isinstance(template, list):
            return " + ".join(self._text(item) for item in template) or ABSENT
        if "Concat" in template:
            return self._text(template["Concat"])
        choice = template["IfPresent"]
        name = choice["InputName"]
        if name in self._present:
            return self._text(choice.get("Then" if self._present[name] else "Else") or [])
        then, other = (self._text(choice.get(branch) or []) for branch in ("Then", "Else"))
        return f"({member('inputs.parameters', parameter(name))} == {ABSENT} ? {other} : {then})"


def taken(name: str) -> str:
    """The expression of an input artifact's companion: the first of a list, nil where the input is absent."""
    reference = member("inputs.parameters", parameter(name))
    whole = f"fromJSON({reference} == {ABSENT} ? 'null' : {reference})"
    return f"(type({whole}) == 'array' ? {whole}[0] : {whole})"


def _parameter(name: str, spec: Mapping[str, Any], present: bool | None) -> str:
    """The expression of an input parameter's text; the component's default where the task gives none."""
    reference = member("inputs.parameters", parameter(name))
    value = Value(reference, kind_of(spec), present is None)
    text = with_default(value, spec, kind_of(spec)).text
    return text if present is not None or spec.get("defaultValue") is not None else f"({text})"


def _guarded(expression: str) -> str:
    """The text of an expression so that neither Argo nor kubelet reads anything in it."""
    return f"replace(replace({expression}, {literal('$')}, {literal('$$')}), {literal('{')}, {literal(BRACE)})"


def _shielded(text: str) -> str:
    return text.replace("$", "$$").replace("{", BRACE)
