"""Kubernetes' quantities (`4Gi`, `500m`) and durations (`2h`) as numbers.

Source: the suffixes of k8s.io/apimachinery's resource.Quantity, without its exponent form.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DECIMAL = {"n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1)}
_DECIMAL |= {suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", start=1)}
_BINARY = {f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)}
_SUFFIXES = _DECIMAL | _BINARY
_QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<suffix>[a-zA-Z]*)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def quantity(text: str) -> Decimal:
    """A quantity in its base unit: cores, bytes or pieces. Raises ValueError where it is none."""
    match = _QUANTITY.fullmatch(text)
    if not match or match["suffix"] not in _SUFFIXES:
        raise ValueError(f"{text!r} is not a Kubernetes quantity, such as 500m, 2 or 4Gi")
    return Decimal(match["number"]) * _SUFFIXES[match["suffix"]]


def seconds(text: str) -> int:
    """A duration such as `90s`, `2h` or `1d` in seconds. Raises ValueError where it is none."""
    if not re.fullmatch(r"\d+[smhd]", text):
        raise ValueError(f"{text!r} is not a duration, such as 90s, 30m, 2h or 1d")
    return int(text[:-1]) * _SECONDS[text[-1]]
