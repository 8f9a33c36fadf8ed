"""Where a person edits what a rendered file is made from: the line to show a finding of that file at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from generators.delivery.names import ARGOCD, PLATFORM
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED
from generators.inventory.explain import place_of
from generators.inventory.paths import KeyPath
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
    environment, *inside = parts[:-1]
    return place_of(fleet.files.merged(environment), _key(inside), key=True)


def _key(inside: Sequence[str]) -> KeyPath:
    """The key of an environment that a folder below its own is made for."""
    if inside[0] == ARGOCD:
        return ("delivery",)
    if inside[1:] in ([], [PLATFORM]):
        return ("clusters", inside[0])
    return ("pipelines", inside[1])
