"""Time zones, as the locked package tzdata has them: what graft says of one is the same on every machine.

A cluster's controllers have data of their own, which may be older or newer.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = "UTC"  # what a schedule without a time zone means


@lru_cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name in the IANA database, UTC where it is empty; raises ZoneInfoNotFoundError."""
    if name and name not in _names():
        raise ZoneInfoNotFoundError(f"no time zone {name}")
    with resources.files("tzdata").joinpath("zoneinfo", *(name or UTC).split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, name or UTC)


@lru_cache
def _names() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())
