"""An importer task: no pod, since all it does is to name an artifact that is there already.

A suspend template that lasts no time is the one kind of Argo's that gives outputs without running anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.engines.argo.graph.dataflow import ARTIFACTS, PARAMETERS, Value
from generators.engines.argo.refusals import NoForm
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import encoded, from_text, literal, member, tag
from generators.engines.argo.text.names import parameter
from generators.ir.values import integers, kind_of


def template(component: Mapping[str, Any], importer: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the template that are an importer's own; NoForm for a placeholder that nothing knows."""
    declared = component.get("inputDefinitions", {}).get(PARAMETERS, {})
    texts = {
        name: Value(member("inputs.parameters", parameter(name)), kind_of(spec)).text for name, spec in declared.items()
    }
    source = importer["artifactUri"]
    if "runtimeParameter" in source:
        if source["runtimeParameter"] not in texts:
            raise NoForm("graph", f"its URI is the input {source['runtimeParameter']}, which it does not declare")
        uri = texts[source["runtimeParameter"]]
    else:
        uri = placeholders.filled(source.get("constant", ""), texts, {})
    kind = encoded(importer.get("typeSchema", {}))
    companion = [
        literal(f'{{"name":"artifact","type":{kind},"uri":'),
        from_text(uri),
        literal(',"metadata":'),
        placeholders.built(integers(importer.get("metadata", {})), texts, {}),
        literal("}"),
    ]
    value = {"supplied": {}, "default": tag(" + ".join(companion))}
    names = component.get("outputDefinitions", {}).get(ARTIFACTS, {})
    return {
        "suspend": {"duration": "0"},
        "outputs": {"parameters": [{"name": parameter(name), "valueFrom": value} for name in names]},
    }
