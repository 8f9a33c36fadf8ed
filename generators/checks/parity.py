"""Whether what is rendered for a cluster is the pipeline that its IR describes, whichever engine runs it.

Each manifest is read back into a shape (`generators.ir.normal_form`) and compared with that of the IR which the
environment and the cluster's facts make of the definition. So clusters of different engines have the same tasks,
edges, images, resources, variables and parameters, and what differs between two of one environment follows from their
facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from generators.engines.registry import engine
from generators.fleet.units import RenderedUnit
from generators.ir.steps import BRANCHES
from generators.model import Finding, Place

if TYPE_CHECKING:
    from generators.ir.normal_form import Difference

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


def check_objects(rendered: RenderedUnit, inputs: str = "") -> Iterator[Finding]:
    """The findings of a pipeline's files, which must say what its overlaid PipelineSpec and PlatformSpec say."""
    for file, objects in rendered.files.items() if rendered.spec is not None else ():
        for obj in objects:
            yield from _findings(file, obj, rendered)


def _findings(file: str, obj: dict[str, Any], rendered: RenderedUnit) -> Iterator[Finding]:
    runs = engine(rendered.engine)
    try:
        found = runs.read_back(obj)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        message = f"this cannot be read back to compare it with the pipeline's IR: {type(error).__name__}: {error}"
        yield Finding("unchecked", "parity", "unreadable", Place(file), "", message, fix=_FIX)
        return
    if found:
        from generators.ir.normal_form import shape_of

        wanted = shape_of(rendered.spec, rendered.platform, runs.names())
        yield from (_finding(file, difference) for difference in wanted.differences(found))


def _finding(file: str, difference: Difference) -> Finding:
    path = "/".join(part for part in difference.path.split("/") if not BRANCHES.fullmatch(part))
    what = f"{CALLED.get(difference.what, f'the {difference.what}')} {difference.name}".rstrip()
    message = f"{what} is not what the pipeline's IR says"
    place = Place(file)
    return Finding(
        "invalid", "parity", difference.what, place, path, message, difference.found, difference.wanted, _FIX
    )
