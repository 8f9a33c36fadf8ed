"""Adds a pipeline to the file of an environment, and leaves every other character of it as it is."""

from __future__ import annotations

import io
from difflib import SequenceMatcher

from ruamel.yaml import YAML, YAMLError

from generators.errors import GraftError
from generators.inventory.layers import class_of


def with_pipeline(text: str, file: str, pipeline: str) -> str:
    """The text of `file` with the class of a pipeline, and the pipeline itself, which tracks its head.

    GraftError where the file is written in a way that cannot be added to, with what to add by hand.
    """
    by_hand = f"add {class_of(pipeline)} to classes, and pipelines.{pipeline}: {{track: head}}, by hand"
    try:
        document = _yaml().load(text)
        document["classes"].append(class_of(pipeline))
        document["parameters"].setdefault("pipelines", {})[pipeline] = {"track": "head"}
        edited = _written(document)
    except (YAMLError, KeyError, TypeError, AttributeError) as problem:
        raise GraftError(f"{file} cannot be added to: {_first_line(problem)}", by_hand) from problem
    if not _only_adds(text, edited):
        raise GraftError(f"{file} is written in a way that an edit would change elsewhere too", by_hand)
    return edited


def _yaml() -> YAML:
    found = YAML()
    found.preserve_quotes, found.width = True, 1 << 20
    found.indent(mapping=2, sequence=4, offset=2)
    return found


def _written(document: object) -> str:
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def _only_adds(before: str, after: str) -> bool:
    """Whether every line is still there in its order, but for those of a list or a mapping in one line."""
    kinds = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False).get_opcodes()
    changed = [before.splitlines()[begin:end] for kind, begin, end, _, _ in kinds if kind != "equal"]
    return all(line.startswith("classes: [") or "pipelines: {" in line for lines in changed for line in lines)


def _first_line(problem: Exception) -> str:
    return str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
