"""Whether every image that is rendered for a cluster was built."""

from __future__ import annotations

from collections.abc import Iterator

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.model import Finding


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for every component without a digest for its source; a warning where the environment accepts that."""
    yield from fleet.unbuilt()
