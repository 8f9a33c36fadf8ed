"""Whether two environments run the same of a pipeline, by the labels of what is rendered for them."""

from __future__ import annotations

import re
from typing import Any

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.ir.definitions import CONTENT_LABEL

_LABEL = re.compile(rf'^    {re.escape(CONTENT_LABEL)}: "?([0-9a-f]+)"?$', re.MULTILINE)
_VERSIONS = ("pipelineversion.yaml", "workflowtemplate.yaml")
_SHOWN = 6  # parameters that differ


def sameness(fleet: Fleet, rendering: Rendering, source: str, target: str, pipeline: str) -> str:
    """In words: the same content where the versions are the same, else the same definition and what differs."""
    one, other = fleet.definition(source, pipeline), fleet.definition(target, pipeline)
    if one is None or other is None or one.hash != other.hash:
        return f"another definition than {source}: {one.hash if one else 'none'}"
    theirs, ours = (_contents(rendering, name, pipeline) for name in (source, target))
    if ours and ours <= theirs:
        return f"the same content as {source}"
    differs = _differences(fleet, source, target, pipeline)
    more = f"parameters that differ: {', '.join(differs)}" if differs else "and the same parameters"
    return f"the same definition as {source}, {more}"


def _contents(rendering: Rendering, environment: str, pipeline: str) -> set[tuple[str, str]]:
    """(file, content label) of the versions of a pipeline on the clusters of an environment."""
    found = set()
    for path, content in rendering.tree.items():
        parts = path.split("/")
        if parts[0] == environment and parts[2:3] == [pipeline] and parts[-1] in _VERSIONS:
            found |= {(parts[-1], label) for label in _LABEL.findall(content.text())[:1]}
    return found


def _differences(fleet: Fleet, source: str, target: str, pipeline: str) -> list[str]:
    """The names of the parameters that the two give other values."""
    theirs, ours = (_parameters(fleet, name, pipeline) for name in (source, target))
    differ = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
    return [*differ[:_SHOWN], *(["..."] if differ[_SHOWN:] else [])]


def _parameters(fleet: Fleet, environment: str, pipeline: str) -> dict[str, Any]:
    return next(each.parameters for each in fleet.environments[environment].pipelines if each.name == pipeline)
