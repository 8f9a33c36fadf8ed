"""A task of any other image: no program of ours is in it, so Argo puts the values in, and kubelet the braces.

What stands in a command goes through Argo's substitution more than once, and then through kubelet's, which replaces
`$(NAME)` and reads `$$` as `$`. So each brace of a value is written as `$(GRAFT_BRACE)` and each dollar twice: Argo
meets no tag, and the container gets the value as it is. All of it is the container's command, since Argo would put long
args where kubelet does not look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from generators.engines.argo.pod.pods import BRACE
from generators.engines.argo.refusals import Unsupported
from generators.engines.argo.task.inputs import taken_by
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.artifacts import INPUTS, OUTPUTS, Store, raw, runtime_artifact
from generators.engines.argo.text.expressions import ABSENT, encoded, literal, tag
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.values import Value, own_input, with_default
from generators.ir.view import Component, Container, Declared
from generators.ir.view.placeholders import Concat, Element, element, inside

METADATA = "/graft/metadata"  # a file for each output artifact


def template(
    component: Component,
    container: Container,
    store: Store,
    name: str,
    present: Mapping[str, bool],
    with_id: Collection[str] = (),
) -> dict[str, Any]:
    """What Argo takes and gives, and the container's command; Unsupported for a placeholder that nothing knows.

    `with_id` are the inputs that hold the id of the task.
    """
    names = _Names(component, store, name, present, with_id)
    made = [each for each in component.all_outputs if each.is_artifact]
    written = [each for each in component.all_outputs if not each.is_artifact]
    uri = f"{store.base}{store.folder}/"
    return {
        "inputs": [
            *(
                store.input(
                    parameter(each.name), f"{INPUTS}/{parameter(each.name)}", f"({taken(each.name)}?.uri ?? '')"
                )
                for each in component.all_inputs
                if each.is_artifact
            ),
            *(
                raw(
                    f"graft-{parameter(each.name)}",
                    f"{METADATA}/{parameter(each.name)}",
                    runtime_artifact(each, uri + each.name),
                )
                for each in made
            ),
        ],
        "outputs": {
            "parameters": [*(_left(each, OUTPUTS) for each in written), *(_left(each, METADATA) for each in made)],
            "artifacts": [
                store.output(parameter(each.name), f"{OUTPUTS}/{parameter(each.name)}", f"{store.folder}/{each.name}")
                for each in made
            ],
        },
        **_command(names, container),
    }


def _left(declared: Declared, folder: str) -> dict[str, Any]:
    return {"name": parameter(declared.name), "valueFrom": {"path": f"{folder}/{parameter(declared.name)}"}}


def _command(names: _Names, container: Container) -> dict[str, Any]:
    command, args = (
        [text for template in part for text in names.arguments(element(template))]
        for part in (container.command, container.args)
    )
    return {"command": command + args} if command else {"args": args}


class _Names:
    """What the placeholders of one container stand for.

    `present` says which inputs have a value; one that is not in it may or may not have one when the pipeline runs.
    """

    def __init__(
        self, component: Component, store: Store, name: str, present: Mapping[str, bool], with_id: Collection[str]
    ) -> None:
        folder = literal(f"{store.base}{store.prefix}/" if store.prefix else store.base)
        self._uri = f"{folder} + workflow.uid + '/' + pod.name + '/'"
        self._present = present
        self._parameters: dict[str, str] = {}
        self._more = {"pipeline_task_name": literal(name), "pipeline_task_uuid": "pod.name"}
        for each in component.all_outputs:
            self._add_output(each)
        for each in component.all_inputs:
            if each.is_artifact:
                self._add_artifact(each.name)
            else:
                text = _parameter(each, present.get(each.name))
                self._parameters[each.name] = placeholders.with_task_id(text) if each.name in with_id else text

    def _add_output(self, declared: Declared) -> None:
        path = literal(f"{OUTPUTS}/{parameter(declared.name)}")
        if not declared.is_artifact:
            self._more[f"outputs.parameters.{declared.name}.output_file"] = path
            return
        said = {
            "path": path,
            "uri": f"{self._uri} + {literal(declared.name)}",
            "name": literal(declared.name),
            "metadata": literal(encoded(declared.metadata)),
        }
        self._more |= {f"outputs.artifacts.{declared.name}.{field}": text for field, text in said.items()}

    def _add_artifact(self, name: str) -> None:
        artifact = taken(name)
        said = {
            "path": literal(f"{INPUTS}/{parameter(name)}"),
            "metadata": f"toJson({artifact}.metadata)",
            "uri": f"{artifact}.uri",
            "name": f"{artifact}.name",
        }
        self._more[f"inputs.artifacts.{name}"] = f"toJson({artifact})"
        self._more |= {f"inputs.artifacts.{name}.{field}": text for field, text in said.items()}

    def arguments(self, template: Element) -> list[str]:
        """The arguments that an element of a command becomes: none, one, or several."""
        if isinstance(template, str):
            return [tag(_guarded(self._text(template))) if inside(template) else _shielded(template)]
        if isinstance(template, Concat):
            return [tag(_guarded(self._text(template)))]
        if template.name not in self._present:
            message = (
                f"a placeholder gives an argument only if {template.name} is present, which is known only when it runs"
            )
            raise Unsupported("placeholder", message, "give the input a default, or put the placeholder into a Concat")
        chosen = template.then if self._present[template.name] else template.otherwise
        return [argument for item in chosen for argument in self.arguments(item)]

    def _text(self, template: Element | tuple[Element, ...]) -> str:
        """The expression of one text, Concat and IfPresent inside it included."""
        if isinstance(template, str):
            for name in taken_by(template):
                if not self._present.get(name, True):
                    fix = "give it one, give the input a default, or put the placeholder into an IfPresent"
                    raise Unsupported("placeholder", f"its command takes {name}, which has no value", fix)
            return placeholders.filled(template, self._parameters, self._more)
        if isinstance(template, tuple):
            return " + ".join(self._text(item) for item in template) or ABSENT
        if isinstance(template, Concat):
            return self._text(template.parts)
        if template.name in self._present:
            return self._text(template.then if self._present[template.name] else template.otherwise)
        then, other = self._text(template.then), self._text(template.otherwise)
        return f"({own_input(template.name)} == {ABSENT} ? {other} : {then})"


def taken(name: str) -> str:
    """The expression of an input artifact: the first of a list, nil where the input is absent."""
    reference = own_input(name)
    whole = f"fromJSON({reference} == {ABSENT} ? 'null' : {reference})"
    return f"(type({whole}) == 'array' ? {whole}[0] : {whole})"


def _parameter(declared: Declared, present: bool | None) -> str:
    """The expression of an input parameter's text; the component's default where the task gives none."""
    text = with_default(Value(own_input(declared.name), declared.kind, present is None), declared).text
    return text if present is not None or declared.default is not None else f"({text})"


def _guarded(expression: str) -> str:
    """The text of an expression so that neither Argo nor kubelet reads anything in it."""
    return f"replace(replace({expression}, {literal('$')}, {literal('$$')}), {literal('{')}, {literal(BRACE)})"


def _shielded(text: str) -> str:
    return text.replace("$", "$$").replace("{", BRACE)
