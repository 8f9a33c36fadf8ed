"""The images of an environment: which steps run, which nothing runs, and which were never built."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from generators.engines.registry import engine
from generators.fleet.consistency import in_containers
from generators.fleet.operations import OPERATIONS
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from generators.ir import view
from generators.ir.compile import component_folder
from generators.ir.definitions import Definition
from generators.ir.steps import steps
from generators.ir.user_code import COMPONENTS
from generators.model import UNBUILT, Environment, Image, Pipeline, Place, StepOverlay
from generators.suggestions import did_you_mean

_NOWHERE = "no commit has that source, so its image cannot be built: run a definition whose code was committed"
_BY_DIGEST = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")


def components(repository: Repository) -> list[str]:
    """The images that the repository has components of, as the code names them."""
    return [name.replace("_", "-") for name in repository.names(COMPONENTS)]


def images_of(pipeline: Pipeline, definition: Definition) -> dict[str, str]:
    """Image, as the pipeline or an overlay names it, to the path of one of the steps that run it."""
    compiled, images = view.Pipeline.of(definition.spec), {}
    for step in steps(definition.spec):
        container = compiled.container(step.executor)
        if container and not container.is_claim:
            images[pipeline.steps.get(step.path, StepOverlay()).image or container.image] = step.path
    return images


def problems(
    environment: Environment, pipeline: Pipeline, definition: Definition, components: Sequence[str]
) -> Iterator[Problem]:
    """Images of which it is not known what they are: no component of the definition, and no reference by digest.

    `components` are the names of those that the repository has. What the code names is not asked for where nothing runs
    in containers.
    """
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
            if pipeline.steps.get(step, StepOverlay()).image == image:
                yield _unknown(image, step, pipeline, definition)
            elif in_containers(environment):
                yield _missing(image, step, pipeline, definition, components)


def _unknown(image: str, step: str, pipeline: Pipeline, definition: Definition) -> Problem:
    """An image that an environment gives a step."""
    fix = did_you_mean(image, definition.sources) or f"write {image}@sha256:..."
    path = ("pipelines", pipeline.name, "steps", step, "image")
    return Problem(path, "unknown-image", _no_component(image), image, _allowed(definition.sources), fix)


def _missing(image: str, step: str, pipeline: Pipeline, definition: Definition, components: Sequence[str]) -> Problem:
    """An image that the pipeline's code names, at the line of the code that runs it."""
    fix = did_you_mean(image, components) or (
        f'add "{image}": "{image}@sha256:..." to images, or name it by digest in the pipeline'
    )
    message = f"{_no_component(image)}; {step} of {pipeline.name} runs it"
    place = Place(*definition.line_of(step))
    return Problem(("images",), "missing-image", message, image, _allowed(components), fix, place=place)


def _no_component(image: str) -> str:
    return f"the image {image!r} is not a component of the pipeline's definition, and has no digest"


def _allowed(components: Iterable[str]) -> str:
    named = ", ".join(components) or "none"
    return f"a component of the pipeline's definition ({named}), or a whole reference by digest"


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
    for image in sorted(images_of(pipeline, definition)) if in_containers(environment) else ():
        source = definition.sources.get(image)
        if source and environment.images.get(image, Image()).digest(source) == UNBUILT:
            path = ("images", image) if image in environment.images else ("pipelines", pipeline.name)
            message = f"runs {image} of source {source}, of which no image is listed: an all-zero digest is rendered"
            folder, tag = component_folder(image), f"{environment.registry}/{image}:{source}"
            fix = (
                f"docker build --file {folder}/Dockerfile --tag {tag} .; "
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
        _unused(("images", name), "no step of a deployed pipeline runs this image", name, did_you_mean(name, images))
        for name in environment.images
        if name not in images and not (name == OPERATIONS and environment.delivery)
    ]
    if environment.database.url and "database" not in services:
        found.append(_unused(("database",), "no step says that it uses the database"))
    # Where steps have accounts of graft's making, the engine too reads them: it passes artifacts between steps.
    by_engine = any(engine(cluster.engine).steps is not None for cluster in environment.clusters)
    if environment.storage.credentials and "storage" not in services and not by_engine:
        found.append(_unused(("storage", "credentials"), "no step says that it uses the storage"))
    return found


def _unused(path: KeyPath, message: str, found: str = "", meant: str = "") -> Problem:
    fix = "remove it" if path[0] == "images" else f"remove it, or write uses: [{path[0]}] at a step"
    return Problem(path, "unused", message, found, fix=meant or fix)
