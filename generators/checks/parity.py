"""Whether what is rendered for a cluster is the pipeline that its IR describes, whichever engine runs it.

Each manifest is read back into a shape (`generators.ir.normal_form`) and compared with that of the IR which the
environment and the cluster's facts make of the definition. So clusters of different engines have the same tasks,
edges, images, resources, variables and parameters, and what differs between two of one environment follows from their
facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generators.engines.argo import readback as argo
from generators.ir.normal_form import IR_NAMES, Difference, Shape, shape_of
from generators.ir.steps import BRANCHES
from generators.model import Finding, Place

Objects = Mapping[str, Sequence[dict[str, Any]]]

_FIX = "this is a mistake of graft's own, not of the pipeline: please report it, with the pipeline's definition"
# what is compared (a field of Task, or of Shape): how a message calls it
CALLED = {
    "parameters": "the pipeline's parameter",
    "task": "the task itself",
    "after": "waiting for",
    "inputs": "the input",
    "arguments": "the value of the input",
    "outputs": "the output",
    "types": "the type of the",
    "artifacts": "the content of the",
    "command": "the argument",
    "resources": "the resource",
    "env": "the variable",
    "volumes": "the volume at",
    "settings": "the setting",
}


def check(files: Objects, spec: dict[str, Any], platform: dict[str, Any]) -> list[Finding]:
    """The findings of the rendered files of one pipeline, which must say what its PipelineSpec and PlatformSpec say."""
    return [
        finding
        for file, objects in files.items()
        for obj in objects
        for finding in _findings(file, obj, spec, platform)
    ]


def _findings(file: str, obj: dict[str, Any], spec: dict[str, Any], platform: dict[str, Any]) -> Iterator[Finding]:
    names = argo.NAMES if obj.get("kind") == "WorkflowTemplate" else IR_NAMES
    try:
        found = _shape(obj, spec, platform)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        message = f"this cannot be read back to compare it with the pipeline's IR: {type(error).__name__}: {error}"
        yield Finding("unchecked", "parity", "unreadable", Place(file), "", message, fix=_FIX)
        return
    if found:
        yield from (_finding(file, difference) for difference in shape_of(spec, platform, names).differences(found))


def _shape(obj: dict[str, Any], spec: dict[str, Any], platform: dict[str, Any]) -> Shape | None:
    """The shape of an object; None where it is no pipeline, or holds the very IR."""
    if obj.get("kind") == "WorkflowTemplate":
        return argo.shape_of(obj)
    if obj.get("kind") != "PipelineVersion":
        return None
    held = obj["spec"]["pipelineSpec"], obj["spec"].get("platformSpec", {})
    return None if held == (spec, platform) else shape_of(*held)


def _finding(file: str, difference: Difference) -> Finding:
    path = "/".join(part for part in difference.path.split("/") if not BRANCHES.fullmatch(part))
    what = f"{CALLED.get(difference.what, f'the {difference.what}')} {difference.name}".rstrip()
    message = f"{what} is not what the pipeline's IR says"
    place = Place(file)
    return Finding(
        "invalid", "parity", difference.what, place, path, message, difference.found, difference.wanted, _FIX
    )
