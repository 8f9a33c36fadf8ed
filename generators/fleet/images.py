"""The images of an environment: which steps run, which nothing runs, and which were never built."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from generators.fleet.consistency import on_kubernetes
from generators.inventory.paths import KeyPath
from generators.inventory.schema import Problem
from generators.ir import view
from generators.ir.compile import component_folder
from generators.ir.definitions import Definition
from generators.ir.steps import steps
from generators.model import UNBUILT, Environment, Image, Pipeline, StepOverlay

_NOWHERE = "no commit has that source, so its image cannot be built: run a definition whose code was committed"
_BY_DIGEST = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")


def images_of(pipeline: Pipeline, definition: Definition) -> dict[str, str]:
    """Image, as the pipeline or an overlay names it, to the path of one of the steps that run it."""
    compiled, images = view.Pipeline.of(definition.spec), {}
    for step in steps(definition.spec):
        container = compiled.container(step.executor)
        if container and not container.is_claim:
            images[pipeline.steps.get(step.path, StepOverlay()).image or container.image] = step.path
    return images


def problems(environment: Environment, pipeline: Pipeline, definition: Definition) -> Iterator[Problem]:
    """Images of which it is not known what they are: no component of the definition, and no reference by digest."""
    for image, step in images_of(pipeline, definition).items():
        known = environment.images.get(image)
        if image in definition.sources:
            if known and known.reference:
                source = definition.sources[image]
                message = "this is a component of this repository, so its digests are listed by source"
                fix = f'write {image}: {{"{source}": "sha256:..."}}'
                yield Problem(("images", image), "component-image", message, known.reference, fix=fix)
        elif known and known.digests:
            message = f"there is no {component_folder(image)} to build this image from, so no source of it"
            yield Problem(("images", image), "missing-component", message, fix=f'write {image}: "IMAGE@sha256:..."')
        elif not known and not _BY_DIGEST.fullmatch(image):
            yield _unknown(image, step, pipeline, definition)


def _unknown(image: str, step: str, pipeline: Pipeline, definition: Definition) -> Problem:
    components = ", ".join(definition.sources) or "none"
    allowed = f"a component of the pipeline's definition ({components}), or a whole reference by digest"
    message = f"the image {image!r} is not a component of the pipeline's definition, and has no digest"
    if pipeline.steps.get(step, StepOverlay()).image == image:
        path = ("pipelines", pipeline.name, "steps", step, "image")
        return Problem(path, "unknown-image", message, image, allowed, f"write {image}@sha256:...")
    fix = f'add "{image}": "{image}@sha256:..." to images, or name it by digest in the pipeline'
    message = f"{message}; {step} of {pipeline.name} runs it"
    return Problem(("images",), "missing-image", message, image, allowed, fix)


def unbuilt(
    environment: Environment,
    pipeline: Pipeline,
    definition: Definition,
    here: Mapping[str, str],
    commit_with: Callable[[str, str], str],
) -> Iterator[Problem]:
    """Components of which no image was built from the definition's source; on this machine none is needed.

    `here` are the sources of the components as they are now; `commit_with` gives the commit in which a folder has
    another one, "" where none does.
    """
    for image in sorted(images_of(pipeline, definition)) if on_kubernetes(environment) else ():
        source = definition.sources.get(image)
        if source and environment.images.get(image, Image()).digest(source) == UNBUILT:
            path = ("images", image) if image in environment.images else ("pipelines", pipeline.name)
            message = (
                f"definition {definition.hash} runs {image} of source {source}, of which no image is listed, "
                "so the all-zero placeholder is rendered"
            )
            folder = component_folder(image)
            fix = (
                f"docker build --tag {environment.registry}/{image}:{source} {folder}; "
                f'push it, and write images.{image}: {{"{source}": "sha256:..."}}'
            )
            if here.get(image) != source:
                commit = commit_with(folder, source)
                fix = f"git checkout {commit.split()[0]} (commit {commit}), {fix}" if commit else _NOWHERE
            yield Problem(path, "unbuilt", message, "no digest", f"images.{image}: a digest for {source}", fix)


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
