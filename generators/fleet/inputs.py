"""Where a person edits what a rendered file is made from: the line to show a finding of that file at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generators.delivery.names import ARGOCD, PLATFORM
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED, input_key
from generators.inventory.explain import place_of
from generators.model import Finding, Place


def input_places(fleet: Fleet) -> Callable[[Finding], Sequence[Place]]:
    """For a finding its place; for one of a rendered file the line of the environment first that asks for the file."""

    def places(finding: Finding) -> Sequence[Place]:
        asked = _asked(fleet, finding.place.file)
        return (asked, finding.place) if asked else (finding.place,)

    return places


def _asked(fleet: Fleet, file: str) -> Place | None:
    """Where an environment asks for a rendered file, None where none does."""
    folder, *parts = file.split("/")
    if folder != RENDERED or len(parts) < 3 or parts[0] not in fleet.environments:
        return None
    environment, cluster, *inside = parts[:-1]
    name = ARGOCD if cluster == ARGOCD else inside[0] if inside else PLATFORM
    return place_of(fleet.files.merged(environment), input_key(cluster, name), key=True)
