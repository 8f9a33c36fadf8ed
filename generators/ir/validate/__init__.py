"""Whether a compiled pipeline is sound, whatever wrote it: nobody else checks this, the KFP API server included.

`problems` finds all of it in one pass, never raises, and says the same to every engine. First the form (`structure`,
by KFP's own `descriptors`), then on what is sound of it the graph: `references`, `order`, `values`, `text`, `pods`.
"""

from __future__ import annotations

from typing import Any

from generators.ir.validate import order, pods, references, structure, text, values
from generators.ir.validate.descriptors import PIPELINE, PLATFORM
from generators.ir.validate.problem import CHECK, Problem, findings
from generators.ir.validate.scope import Scope, around, without
from generators.ir.view import Pipeline

__all__ = ["CHECK", "Problem", "findings", "problems", "sound_part"]

_ROUNDS = 50


def problems(spec: Any, platform: Any = None) -> list[Problem]:
    """Every problem of a PipelineSpec with its PlatformSpec (None or empty where there is none), in any JSON at all."""
    found, spec, platform = _structural(spec, {} if platform is None else platform)
    if spec is not None:
        scope = Scope(Pipeline.of(spec, platform), around(found))
        for check in (references, order, values, text, pods):
            check.check(scope)
        found += scope.found
    return list(dict.fromkeys(found))


def sound_part(spec: Any, platform: Any, found: list[Problem]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The pipeline without what is wrong with it, on which an engine can go on to say what it cannot do.

    None where too little is left.
    """
    platform = {} if platform is None else platform
    for _ in range(_ROUNDS):
        if not found:
            return spec, platform
        paths = [each.path for each in found]
        before = spec, platform
        spec, platform = _without(spec, paths), _without(platform, paths)
        if not isinstance(spec, dict) or not isinstance(platform, dict) or (spec, platform) == before:
            return None
        found = problems(spec, platform)
    return None


def _structural(spec: Any, platform: Any) -> tuple[list[Problem], Any, Any]:
    """What is wrong with the form of both documents, and what of them is sound in form."""
    found = fresh = _malformed(spec, platform)
    while fresh:  # what is taken away may be missed further out, which is not told again
        paths = [each.path for each in fresh]
        before = spec, platform
        spec, platform = _without(spec, paths), _without(platform, paths)
        if spec is None or not isinstance(spec.get("root"), dict):
            return found, None, None
        platform = {} if platform is None else platform
        if (spec, platform) == before:  # only what the whole lacks is left, such as pipelineInfo
            break
        fresh = _malformed(spec, platform)
    return found, spec, platform


def _malformed(spec: Any, platform: Any) -> list[Problem]:
    found: list[Problem] = []
    structure.check(spec, PIPELINE, (), found)
    structure.check(platform, PLATFORM, (), found)
    return found


def _without(document: Any, paths: list[tuple[str | int, ...]]) -> Any:
    return without(document, [path for path in paths if path or not isinstance(document, dict)])
