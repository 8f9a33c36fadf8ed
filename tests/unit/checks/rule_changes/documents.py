"""A document with one thing taken out of it, or put into it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


def without(document: Any, *path: str | int) -> Any:
    document = deepcopy(document)
    holder = document
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    return document


def holding(document: Any, value: object, *path: str | int) -> Any:
    document = deepcopy(document)
    holder = document
    for part in path[:-1]:
        holder = holder[part]
    if isinstance(holder, list) and path[-1] == len(holder):
        holder.append(value)
    else:
        holder[path[-1]] = value
    return document
