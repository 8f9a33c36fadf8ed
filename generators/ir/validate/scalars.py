"""Whether a value is of the type of its field: text, numbers, enumerations, durations, and what a person may write."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.validate import kubernetes
from generators.ir.validate.descriptors import Field
from generators.ir.validate.problem import Problem, shown
from generators.suggestions import did_you_mean

DEEPEST = 100  # how deep protobuf's own readers go into a message
_RANGES = {"int32": 2**31, "uint32": 2**32, "int64": 2**63, "uint64": 2**64}
_DURATION = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?s")
_LONGEST = 2**63 // 10**9  # seconds: Go counts nanoseconds
_WHOLE = re.compile(r"-?[0-9]{1,20}")  # JSON of protobuf has long numbers as strings
_SECONDS = 2**31 - 1  # the most that Kubernetes takes for activeDeadlineSeconds, 68 years
_NEVER_NEGATIVE = ("backoffFactor", "cpuLimit", "cpuRequest", "memoryLimit", "memoryRequest")  # of the doubles
_MAY_BE_NEGATIVE = ("tolerationSeconds",)  # Kubernetes takes it for 0


def problems(field: Field, value: Any, message: str, path: KeyPath) -> Iterator[Problem]:
    """What is wrong with the value of a field without fields of its own."""
    if field.scalar == "enum":
        yield from _enumerated(field, value, path)
    elif field.scalar in ("any", "mapping", "list"):
        yield from _free(field.scalar, value, path)
    elif words := _CHECKS[field.scalar](field, value):
        yield Problem("type", path, words, shown(value))
    elif field.scalar == "string":
        yield from kubernetes.problems(message, field.name, value, path)


def name_problems(field: Field, name: str, message: str, path: KeyPath) -> Iterator[Problem]:
    """What is wrong with a name in a mapping, whose values are the field's."""
    if not name:
        yield Problem("type", path, "its name is empty", fix="give it one")
    elif not _is_text(name):
        yield Problem("type", path, "its name is not text that UTF-8 can hold", shown(name))
    else:
        yield from kubernetes.key_problems(message, field.name, name, path)


def _enumerated(field: Field, value: Any, path: KeyPath) -> Iterator[Problem]:
    if not isinstance(value, str) or value not in field.values:
        fix = did_you_mean(value, field.values) if isinstance(value, str) else ""
        yield Problem("value", path, "is not an allowed value", shown(value), ", ".join(field.values), fix)


def _string(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        return "is not a string"
    return "" if _is_text(value) else "is not text that UTF-8 can hold"


def _number(field: Field, value: Any) -> str:
    if not _is_number(value):
        return "is not a number"
    return "is negative" if value < 0 and field.name in _NEVER_NEGATIVE else ""


def _integer(field: Field, value: Any) -> str:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if not _is_number(value) or value != int(value):
        return "is not an integer"
    if value < 0 and field.name not in _MAY_BE_NEGATIVE:
        return "is negative"
    if field.name == "activeDeadlineSeconds" and value > _SECONDS:
        return f"is too large: Kubernetes takes {_SECONDS} at the most"
    return "" if abs(value) < _RANGES[field.scalar] else "is too large"


def _boolean(field: Field, value: Any) -> str:
    return "" if isinstance(value, bool) else "is not true or false"


def _duration(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        return "is not a duration in seconds, such as 60s"
    return "" if float(value[:-1]) <= _LONGEST else "is longer than 292 years, which no engine can count"


_CHECKS: dict[str, Callable[[Field, Any], str]] = {
    "string": _string,
    "number": _number,
    "boolean": _boolean,
    "duration": _duration,
    **dict.fromkeys(_RANGES, _integer),
}


def _free(wanted: str, value: Any, path: KeyPath) -> Iterator[Problem]:
    """What is wrong with what a person wrote: it must be JSON that protobuf can hold."""
    if wanted == "mapping" and not isinstance(value, dict):
        yield Problem("type", path, "is not a mapping", shown(value))
        return
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST:
            yield Problem("depth", path, f"is nested deeper than {DEEPEST} levels")
            return
        if isinstance(item, dict):
            waiting += [(part, depth + 1) for pair in item.items() for part in pair]
            if not all(isinstance(key, str) for key in item):
                yield Problem("type", path, "has a key that is not a string")
                return
        elif isinstance(item, list):
            waiting += [(part, depth + 1) for part in item]
        elif words := _not_json(item):
            yield Problem("type", path, words, shown(item))
            return


def _not_json(value: Any) -> str:
    if value is None or isinstance(value, bool) or _is_number(value):
        return ""
    if isinstance(value, str):
        return "" if _is_text(value) else "has text that UTF-8 cannot hold"
    return "has a number that JSON cannot hold" if isinstance(value, int | float) else "has a value that is not JSON"


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # larger than any double
        return False


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
