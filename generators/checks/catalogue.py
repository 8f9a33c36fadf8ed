"""Whether every component says of itself what a catalogue needs, and has the README that is made of that."""

from __future__ import annotations

from collections.abc import Iterator

from generators.catalogue.readmes import readmes, stale
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import COMMAND, Rendering
from generators.model import Finding, Place


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of each component's metadata and owners, and one for a README that is not made of them."""
    for wanted in readmes(fleet.repository, fleet.cache, COMMAND):
        yield from wanted.findings
        if stale(fleet.repository, wanted):
            there = fleet.repository.exists(wanted.file)
            message = (
                "is not what the component's files say" if there else "is missing, and the component's files make it"
            )
            yield Finding(
                "invalid", "rendered", "stale", Place(wanted.file, int(there)), "", message, fix=f"run: {COMMAND}"
            )
