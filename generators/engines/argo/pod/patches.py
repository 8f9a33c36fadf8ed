"""What Argo's own fields cannot say of one task's pod, mostly what is known only when the pipeline runs: its patch.

A `podSpecPatch` is text until its tags are put in, so it may hold JSON that a task gives. A space keeps its own braces
from making a tag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from generators.engines.argo.pod.pods import Refuse
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import ABSENT, from_text, tag
from generators.ir.view import Pod, Resources, Source
from generators.ir.view.container import BOUNDS, KINDS
from generators.ir.view.placeholders import inside

Parameters = Mapping[str, str]
Expression = Callable[[Source], str]


def patch(
    resources: Resources,
    pod: Pod,
    texts: Parameters,
    given: Expression,
    refuse: Refuse,
    pull_secrets: Sequence[str] = (),
) -> str:
    """The patch, "" where nothing is left for it.

    `texts` are those of the inputs, `given` the JSON of another source, `pull_secrets` the names of the Secrets that
    the image is pulled with: Argo has a field for those of a whole workflow only.
    """
    _refuse_mixed(pod, refuse)
    members = []
    if pull_secrets:
        names = ", ".join(f'{{ "name": "{name}" }}' for name in pull_secrets)
        members.append(f'"imagePullSecrets": [{names}]')
    if asked := _resources(resources, texts):
        members.append(f'"containers": [{{ "name": "main", "resources": {asked} }}]')
    if pod.node_selector.is_dynamic:
        members.append(f'"nodeSelector": {_or_null(given(pod.node_selector.source))}')
    if tolerations := [entry.source for entry in pod.tolerations if entry.is_dynamic]:
        members.append(f'"tolerations": {_or_null(_listed(given(tolerations[0])))}')
    for entry in pod.node_affinity:
        if entry.is_dynamic:
            members.append(f'"affinity": {{ "nodeAffinity": {_or_null(given(entry.source))} }}')
    return f"{{ {', '.join(members)} }}" if members else ""


def _refuse_mixed(pod: Pod, refuse: Refuse) -> None:
    """A patch replaces a list, so what a task gives would take the place of all that is said beside it."""
    for field, entries in (("tolerations", pod.tolerations), ("nodeAffinity", pod.node_affinity)):
        if len(entries) > 1 and any(entry.is_dynamic for entry in entries):
            message = f"one of its {field} is decided when the pipeline runs, and others stand beside it"
            refuse("platform", message, "let one task or parameter give all of them", ("accelerator",))


def _resources(spec: Resources, texts: Parameters) -> str:
    """Requests and limits with a placeholder in them, as JSON."""
    groups: dict[str, list[str]] = {}
    for bound, group in zip(BOUNDS, ("requests", "limits"), strict=True):
        for kind in KINDS:
            value = spec.amount(kind, bound)
            if inside(value):
                groups.setdefault(group, []).append(f'"{kind}": {_text(value, texts)}')
    if any(map(inside, spec.accelerator)):
        groups.setdefault("limits", []).append(": ".join(_text(part, texts) for part in spec.accelerator))
    members = [f'"{group}": {{ {", ".join(parts)} }}' for group, parts in groups.items()]
    return f"{{ {', '.join(members)} }}" if members else ""


def _text(template: str, texts: Parameters) -> str:
    return tag(from_text(placeholders.filled(template, texts, {})))


def _listed(expression: str) -> str:
    value = f"fromJSON({expression} == {ABSENT} ? 'null' : {expression})"
    return f"({expression} == {ABSENT} or type({value}) == 'array' ? {expression} : '[' + {expression} + ']')"


def _or_null(expression: str) -> str:
    return tag(f"({expression} == {ABSENT} ? 'null' : {expression})")
