"""The function libraries of Kubernetes' CEL environment, each with the release that it came with."""

from __future__ import annotations

from generators.cel.libraries import (
    addresses,
    formats,
    lists,
    optionals,
    quantities,
    regex,
    semver,
    standard,
    strings,
    times,
    urls,
)
from generators.cel.library import Library

LIBRARIES: tuple[Library, ...] = (
    standard.LIBRARY,
    times.LIBRARY,
    *strings.LIBRARIES,
    *optionals.LIBRARIES,
    *lists.LIBRARIES,
    regex.LIBRARY,
    urls.LIBRARY,
    quantities.LIBRARY,
    *addresses.LIBRARIES,
    formats.LIBRARY,
    semver.LIBRARY,
)
