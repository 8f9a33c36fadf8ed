"""The images of an environment: which steps run, which were never built, and which are of another source."""

from __future__ import annotations

from collections.abc import Mapping

from generators.fleet.compatibility import images_of
from generators.fleet.consistency import on_kubernetes
from generators.inventory.paths import KeyPath
from generators.inventory.read import Repository
from generators.inventory.schema import Problem
from generators.ir.definitions import Definition
from generators.model import Environment, Image


def unused(environment: Environment, definitions: Mapping[str, Definition]) -> list[Problem]:
    """Declared values that no step of a deployed pipeline uses: images, and secrets of services."""
    images = {image for each in environment.pipelines for image in images_of(each, definitions[each.name])}
    services = {service for each in environment.pipelines for step in each.steps.values() for service in step.uses}
    found = [
        _unused(("images", name), "no step of a deployed pipeline runs this image", name)
        for name in environment.images
        if name not in images
    ]
    if environment.database.password and "database" not in services:
        found.append(_unused(("database", "password"), "no step says that it uses the database"))
    if environment.storage.credentials and "storage" not in services:
        found.append(_unused(("storage", "credentials"), "no step says that it uses the storage"))
    return found


def _unused(path: KeyPath, message: str, found: str = "") -> Problem:
    fix = "remove it" if path[0] == "images" else f"remove it, or write uses: [{path[0]}] at a step"
    return Problem(path, "unused", message, found, fix=fix)


def unbuilt(environment: Environment) -> list[tuple[bool, Problem]]:
    """Images that were never built, each with whether that is accepted for now; on this machine no image is needed."""
    if not on_kubernetes(environment):
        return []
    message = "this image was never built: its digest is the all-zero placeholder"
    fix = "build and push the image, and write its digest"
    return [
        (
            environment.accept_unbuilt_images,
            Problem(("images", name, "digest"), "unbuilt", message, image.digest, fix=fix),
        )
        for name, image in environment.images.items()
        if not image.built
    ]


def stale(environment: Environment, sources: Mapping[str, str]) -> list[Problem]:
    """Built images whose component has changed since.

    `sources` maps a component to its folder's hash now, for those whose pipeline tracks head: only their images must
    be of the code beside them.
    """
    return [
        _stale(name, image, sources[name])
        for name, image in environment.images.items()
        if image.built and name in sources and image.source != sources[name]
    ]


def sources(repository: Repository, environment: Environment) -> dict[str, str]:
    """Component to the hash of its folder as it is now, for built images that are components of this repository."""
    built = [name for name, image in environment.images.items() if image.built]
    folders = {name: f"components/{name.replace('-', '_')}" for name in built}
    return {name: repository.source(folder) for name, folder in folders.items() if repository.exists(folder)}


def _stale(name: str, image: Image, source: str) -> Problem:
    message = "the component has changed since this image was built"
    if not image.source:
        message = "does not say which source it was built from"
    fix = f'build and push the image, and write its digest with source: "{source}"'
    return Problem(("images", name, "source"), "stale-image", message, image.source or "no source", source, fix)
