"""Whether what is committed is what its sources render."""

from __future__ import annotations

from collections.abc import Iterator

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.fleet.stale import stale
from generators.model import Finding, Place


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for every machine-written file that is another, missing or too many; once the sources are in order."""
    if any(finding.failing for finding in (*fleet.findings, *rendering.findings)):
        return
    for found in stale(fleet, rendering):
        yield Finding(
            "invalid", "rendered", "stale", Place(found.path, int(found.is_there)), "", found.message, fix=found.fix
        )
