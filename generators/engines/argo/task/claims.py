"""Tasks that create or delete a PersistentVolumeClaim, as resource templates: Argo's executor applies them itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.engines.argo.text.expressions import ABSENT, from_text, literal, tag
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.values import own_input
from generators.ir.view import Component
from generators.ir.view.container import DELETE_CLAIM
from generators.ir.view.tree import PARAMETERS, Tree

_EMPTY = literal('""')
# The pod of a resource has no such container, and the patch of all pods would make one without an image.
_ALONE = {"podSpecPatch": '{"containers": [{"name": "wait", "$patch": "delete"}]}'}


def template(component: Component, image: str) -> dict[str, Any]:
    """The parts of the template that are the claim's own."""
    declared = component.inputs(PARAMETERS)
    if image == DELETE_CLAIM:
        manifest = _manifest({'"name"': own_input("pvc_name")}, "")
        # Kubernetes keeps a claim as long as a pod refers to it, and the run's own pods still do
        return {"resource": {"action": "delete", "manifest": manifest, "flags": ["--wait=false"]}, **_ALONE}
    names = component.outputs(PARAMETERS)
    return {
        "resource": {"action": "create", "manifest": _manifest(_metadata(declared), _spec(declared))},
        "outputs": {
            "parameters": [{"name": parameter(name), "valueFrom": {"jsonPath": "{.metadata.name}"}} for name in names]
        },
        **_ALONE,
    }


def _metadata(declared: Tree) -> dict[str, str]:
    """The claim's name, or the run's with a suffix; and its annotations."""
    name, suffix = (_optional(declared, item) for item in ("pvc_name", "pvc_name_suffix"))
    unnamed = from_text(f"workflow.name + fromJSON({suffix})")
    found = {'"name"': f"({name} in ['', {_EMPTY}] ? {unnamed} : {name})"}
    if "annotations" in declared:
        found['"annotations"'] = _or_null(_optional(declared, "annotations"))
    return found


def _spec(declared: Tree) -> str:
    fields = {
        '"accessModes"': own_input("access_modes"),
        '"storageClassName"': _or_null(_optional(declared, "storage_class_name")),
        '"volumeName"': _or_null(_optional(declared, "volume_name")),
        '"dataSource"': _or_null(_optional(declared, "data_source")),
    }
    parts = [f"{name}: {tag(value)}" for name, value in fields.items() if value != "'null'"]
    parts.append(f'"resources": {{"requests": {{"storage": {tag(own_input("size"))} }} }}')
    return f', "spec": {{ {", ".join(parts)} }}'


def _manifest(metadata: Mapping[str, str], spec: str) -> str:
    """The claim as JSON, with a space where two braces would make a tag."""
    parts = ", ".join(f"{name}: {tag(value)}" for name, value in metadata.items())
    return f'{{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {{ {parts} }}{spec} }}'


def _optional(declared: Tree, name: str) -> str:
    return own_input(name) if name in declared else ABSENT


def _or_null(expression: str) -> str:
    """The expression, or JSON's null for what is absent or empty."""
    return "'null'" if expression == ABSENT else f"({expression} in ['', {_EMPTY}] ? 'null' : {expression})"
