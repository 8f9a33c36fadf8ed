"""Whether the pipelines that run somewhere mean all that they say: every value is used, every step can run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.ir import authored, lint
from generators.ir.definitions import Definition
from generators.model import Finding

_MEANT = "definition-that-means-what-it-says"


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of each definition that an environment runs, each definition once."""
    deployed = (definition for each in fleet.resolutions.values() for definition in each.definitions.values())
    for definition in {each.path: each for each in deployed}.values():
        yield from _findings(definition, fleet.cache)


def _findings(definition: Definition, cache: Cache) -> list[Finding]:
    key = cache.key(definition.pipeline, definition.digest)
    if cache.get(_MEANT, key):
        return []
    problems = lint.problems(definition.spec, definition.platform)
    if not problems:
        cache.put(_MEANT, key, True)
    found = authored.findings(definition, problems)
    # What is left over in code that can be mended is a mistake; a definition that is pinned stays as it is.
    return [replace(each, verdict="invalid") for each in found] if definition.lines else found
