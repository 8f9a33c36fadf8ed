"""Whether what is committed is what its sources render."""

from __future__ import annotations

from collections.abc import Iterator

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import COMMAND, Rendering
from generators.fleet.stale import stale_files
from generators.model import Finding, Place


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for every machine-written file that is another; once nothing is wrong with the sources."""
    if any(finding.failing for finding in (*fleet.findings, *rendering.findings)):
        return
    for path in stale_files(fleet, rendering):
        message = "is not what its sources render"
        yield Finding("invalid", "rendered", "stale", Place(path), "", message, fix=f"run: {COMMAND}")
