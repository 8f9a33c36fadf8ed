"""Checks of values that people choose, with messages that say what is allowed and what was probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class StepError(ValueError):
    """A step cannot go on: a parameter, the data or the environment is at fault, and the message says what to do."""


def one_of(what: str, value: str, allowed: Iterable[str]) -> str:
    """Return `value` where it is allowed; name the nearest allowed one where it is not."""
    names = list(allowed)
    if value in names:
        return value
    lowered = {name.lower(): name for name in reversed(names)}
    near = difflib.get_close_matches(str(value).lower(), lowered, n=1, cutoff=0.5)
    hint = f"; did you mean {lowered[near[0]]!r}?" if near else "."
    raise StepError(f"{what}: {value!r} is not known{hint} Allowed: {_listed(names)}")


def integer(what: str, value: Any, at_least: int, at_most: int | None = None) -> int:
    """Return `value` as an integer within bounds; JSON readers may have made a double of it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise StepError(f"{what}: {value!r} is not a whole number")
    if value < at_least or (at_most is not None and value > at_most):
        bounds = f"at least {at_least}" if at_most is None else f"from {at_least} to {at_most}"
        raise StepError(f"{what}: {value!r} must be {bounds}")
    return int(value)


def fraction(what: str, value: Any, below: float = 1.0) -> float:
    """Return `value` as a number from 0 up to, and not including, `below`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < below:
        raise StepError(f"{what}: {value!r} must be a number from 0 to below {below:g}")
    return float(value)


def positive(what: str, value: Any) -> float:
    """Return `value` as a number above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise StepError(f"{what}: {value!r} must be a number above 0")
    return float(value)


def _listed(names: Sequence[str], most: int = 12) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
