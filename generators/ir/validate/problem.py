"""One problem of a compiled pipeline, before it is known which file it stands in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from generators.inventory.paths import KeyPath, format_path
from generators.model import Finding, Place

CHECK = "ir"
_WIDTH = 80
_AGAIN = "correct it in the pipeline's code, and compile it again"
# rule: what to do where the problem itself does not say
_FIXES = {
    "unknown-field": "remove it, or compile the pipeline with kfp 2",
    "missing": "add it, or compile the pipeline again",
    "alternatives": "keep one of the two",
    "reference": "name one that is there, or add it",
    "cycle": "take one of them out of the circle, and compile the pipeline again",
    "size": "make loops and nested pipelines smaller",
    "depth": "put less inside one another",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at `path`, counted from the PipelineSpec or the PlatformSpec, whose keys are not alike."""

    rule: str
    path: KeyPath
    message: str
    found: str = ""
    allowed: str = ""
    fix: str = ""
    verdict: str = "invalid"


def findings(
    problems: Iterable[Problem], file: str, line_of: Callable[[KeyPath], int] = lambda path: 1
) -> list[Finding]:
    """The problems of what `file` holds; `line_of` says at which line of it a path stands."""
    return [
        Finding(
            each.verdict, CHECK, each.rule, Place(file, line_of(each.path)), format_path(each.path),
            each.message, each.found, each.allowed, each.fix or _FIXES.get(each.rule, _AGAIN),
        )
        for each in problems
    ]  # fmt: skip


def shown(value: Any) -> str:
    """Any value as JSON for a message, cut; one that JSON has no text for by its kind."""
    if isinstance(value, dict | list) and value:
        return f"a {'mapping' if isinstance(value, dict) else 'list'} of {len(value)}"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):  # a date of YAML; a number of more digits than Python writes
        return f"a value of the type {type(value).__name__}"
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def name_of(key: Any) -> str:
    """What stands for a key in a path: YAML has keys that are not strings."""
    return key if isinstance(key, str) else shown(key)
