"""The images that environments wait for and that this checkout can build: of components as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from generators.fleet import operations
from generators.fleet.consistency import in_containers
from generators.fleet.fleet import Fleet
from generators.fleet.images import components
from generators.ir.compile import component_folder, sources
from generators.model import UNBUILT, Image


@dataclass(frozen=True)
class Buildable:
    """An image without a digest: its component, the source to build it from, where it is pulled from, and by whom."""

    component: str
    source: str
    image: str
    environments: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The folder that its Dockerfile stands in."""
        return component_folder(self.component)


def buildable(fleet: Fleet) -> list[Buildable]:
    """All of them, by component; one that is pulled from several registries is one for each."""
    here = sources(components(fleet.repository), fleet.repository)
    asked: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name, environment in fleet.environments.items():
        for component, source in dict.fromkeys(_wanted(fleet, name)):
            known = environment.images.get(component, Image())
            ours = source in (here.get(component), operations.source(environment, fleet.repository))
            if ours and not known.reference and known.digest(source) == UNBUILT:
                asked[component, source, f"{environment.registry}/{component}"].append(name)
    return [Buildable(*image, tuple(names)) for image, names in sorted(asked.items())]


def _wanted(fleet: Fleet, name: str) -> Iterator[tuple[str, str]]:
    """The components that an environment runs in containers, each with the source that it runs of it."""
    environment = fleet.environments[name]
    for pipeline in environment.pipelines if in_containers(environment) else ():
        if definition := fleet.definition(name, pipeline.name):
            yield from definition.sources.items()
    if operations.unbuilt(environment, fleet.repository):
        yield operations.OPERATIONS, operations.source(environment, fleet.repository)
