"""Reads YAML whose shape is of no interest, such as rendered objects, and refuses what would cost more than its size.

PyYAML builds values by going down into itself, in C without a limit, and an alias may stand for any number of nodes.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONG_NUMBER = re.compile(r"[-+]?[0-9][0-9_:.]{400}")  # in base 60 each digit costs PyYAML more than the last
_DEEPEST = 200  # levels; a schema of Kubernetes' own definitions has some 40


def load_all(text: str) -> list[Any]:
    """The documents of a text; ValueError says in words of one line why it cannot be read."""
    try:
        _check(text)
        return list(yaml.load_all(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ValueError(f"{where}{getattr(error, 'problem', None) or str(error).splitlines()[0]}") from None
    except OverflowError as error:
        raise ValueError(str(error)) from None


def _check(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(f"line {event.start_mark.line + 1}: an alias stands here, *{event.anchor[:40]}")
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and _LONG_NUMBER.match(event.value):
            raise ValueError(f"line {event.start_mark.line + 1}: a number that nothing can hold: quote it")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise ValueError(f"line {event.start_mark.line + 1}: it is nested deeper than {_DEEPEST} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
