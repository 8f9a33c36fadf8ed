"""An importer task: no pod, since all it does is to name an artifact that is there already.

A suspend template that lasts no time is the one kind of Argo's that gives outputs without running anything.
"""

from __future__ import annotations

from typing import Any

from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import encoded, from_text, literal, tag
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.values import Value, own_input
from generators.ir.view import Component
from generators.ir.view.tree import ARTIFACTS, NOTHING, Tree


def template(component: Component, importer: Tree) -> dict[str, Any]:
    """The parts of the template that are an importer's own; Unsupported for a placeholder that nothing knows."""
    texts = {
        declared.name: Value(own_input(declared.name), declared.kind).text
        for declared in component.all_inputs
        if not declared.is_artifact
    }
    source = importer["artifactUri"]
    if "runtimeParameter" in source:
        uri = texts[source["runtimeParameter"]]
    else:
        uri = placeholders.filled(source.get("constant") or "", texts, {})
    kind = encoded(importer.get("typeSchema", NOTHING))
    artifact = [
        literal(f'{{"name":"artifact","type":{kind},"uri":'),
        from_text(uri),
        literal(',"metadata":'),
        placeholders.built(importer.get("metadata", NOTHING), texts, {}),
        literal("}"),
    ]
    value = {"supplied": {}, "default": tag(" + ".join(artifact))}
    return {
        "suspend": {"duration": "0"},
        "outputs": {
            "parameters": [{"name": parameter(name), "valueFrom": value} for name in component.outputs(ARTIFACTS)]
        },
    }
