"""Quantities as an API server reads them, the exponent form included, and the names of resources that go with them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from generators.quantities import quantity

OBJECTS = frozenset((
    "pods", "services", "secrets", "configmaps", "resourcequotas", "replicationcontrollers", "persistentvolumeclaims",
    "services.nodeports", "services.loadbalancers",
))  # fmt: skip
OF_CONTAINERS = ("cpu", "memory", "ephemeral-storage")
HUGE = "hugepages-"


def amount(value: Any) -> Decimal:
    """A quantity whose form is right, in its base unit."""
    return _amount(str(value))


@lru_cache(maxsize=1 << 12)
def _amount(written: str) -> Decimal:
    text = written.removeprefix("+")
    sign = -1 if text.startswith("-") else 1
    text = text.removeprefix("-")
    if any(mark in text[:-1] for mark in "eE") and not text.endswith("i"):
        return sign * Decimal(text)
    digits = text.rstrip("numkMGTPEi")
    fixed = digits + "0" if digits.endswith(".") else digits
    return sign * quantity(fixed + text[len(digits) :])


def is_extended(name: str) -> bool:
    """Whether a resource is a device's, counted in whole pieces that are asked for as often as they are limited to."""
    return "/" in name and not name.startswith("requests.") and not name.split("/")[0].endswith("kubernetes.io")


def is_known(name: str) -> bool:
    """Whether a name without a domain is one of Kubernetes' resources, in a quota or a range."""
    _, _, rest = name.partition(".")
    asked = rest if name.startswith(("requests.", "limits.")) else name
    if "/" in name or name.startswith(HUGE) or asked.startswith(HUGE):
        return True
    return asked in (*OF_CONTAINERS, "storage") if asked != name else name in (*OF_CONTAINERS, "storage", *OBJECTS)
