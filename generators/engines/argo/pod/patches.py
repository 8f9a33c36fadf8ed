"""What Argo's own fields cannot say of one task's pod, mostly what is known only when the pipeline runs: its patch.

A `podSpecPatch` is text until its tags are put in, so it may hold JSON that a task gives. A space keeps its own braces
from making a tag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.engines.argo.refusals import NoForm
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import ABSENT, from_text, tag

Parameters = Mapping[str, str]
Expression = Callable[[Mapping[str, Any]], str]


def patch(
    container: Mapping[str, Any],
    settings: Mapping[str, Any],
    texts: Parameters,
    given: Expression,
    pull_secrets: Sequence[str] = (),
) -> str:
    """The patch, "" where nothing is left for it.

    `texts` are those of the inputs, `given` the JSON of another source, `pull_secrets` the names of the Secrets that
    the image is pulled with: Argo has a field for those of a whole workflow only.
    """
    members = []
    if pull_secrets:
        names = ", ".join(f'{{ "name": "{name}" }}' for name in pull_secrets)
        members.append(f'"imagePullSecrets": [{names}]')
    if resources := _resources(container.get("resources", {}), texts):
        members.append(f'"containers": [{{ "name": "main", "resources": {resources} }}]')
    _refuse_mixed(settings)
    for source in dynamic(settings, "nodeSelector", "nodeSelectorJson"):
        members.append(f'"nodeSelector": {_or_null(given(source))}')
    if tolerations := dynamic(settings, "tolerations", "tolerationJson"):
        members.append(f'"tolerations": {_or_null(_listed(given(tolerations[0])))}')
    for source in dynamic(settings, "nodeAffinity", "nodeAffinityJson"):
        members.append(f'"affinity": {{ "nodeAffinity": {_or_null(given(source))} }}')
    return f"{{ {', '.join(members)} }}" if members else ""


def dynamic(settings: Mapping[str, Any], field: str, name: str) -> list[Mapping[str, Any]]:
    """The sources of a field of JSON that another task, or an input of the pipeline, decides."""
    entries = settings.get(field, [])
    entries = [entries] if isinstance(entries, Mapping) else entries
    return [entry[name] for entry in entries if "runtimeValue" not in entry.get(name, {"runtimeValue": {}})]


def _refuse_mixed(settings: Mapping[str, Any]) -> None:
    """A patch replaces a list, so what a task gives would take the place of all that is said beside it."""
    for field, name in (("tolerations", "tolerationJson"), ("nodeAffinity", "nodeAffinityJson")):
        if dynamic(settings, field, name) and len(settings[field]) > 1:
            message = f"one of its {field} is decided when the pipeline runs, and others stand beside it"
            raise NoForm("platform", message, "let one task or parameter give all of them")


def _resources(spec: Mapping[str, Any], texts: Parameters) -> str:
    """Requests and limits with a placeholder in them, as JSON."""
    groups: dict[str, list[str]] = {}
    for kind, group in (("Request", "requests"), ("Limit", "limits")):
        for name in ("cpu", "memory"):
            value = str(spec.get(f"resource{name.capitalize()}{kind}", ""))
            if placeholders.inside(value):
                groups.setdefault(group, []).append(f'"{name}": {_text(value, texts)}')
    accelerator = spec.get("accelerator", {})
    pair = [str(accelerator.get(name, "")) for name in ("resourceType", "resourceCount")]
    if any(map(placeholders.inside, pair)):
        groups.setdefault("limits", []).append(": ".join(_text(part, texts) for part in pair))
    members = [f'"{group}": {{ {", ".join(parts)} }}' for group, parts in groups.items()]
    return f"{{ {', '.join(members)} }}" if members else ""


def _text(template: str, texts: Parameters) -> str:
    return tag(from_text(placeholders.filled(template, texts, {})))


def _listed(expression: str) -> str:
    value = f"fromJSON({expression} == {ABSENT} ? 'null' : {expression})"
    return f"({expression} == {ABSENT} or type({value}) == 'array' ? {expression} : '[' + {expression} + ']')"


def _or_null(expression: str) -> str:
    return tag(f"({expression} == {ABSENT} ? 'null' : {expression})")
