"""One pipeline: where it runs, its graph, the images and the resources of its steps, and where each value was set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generators.engines.registry import engine
from generators.errors import GraftError
from generators.fleet.fleet import Fleet
from generators.inventory.merge import Environment as Merged
from generators.ir.definitions import Definition
from generators.ir.overlay import overlay
from generators.ir.steps import steps
from generators.ir.view import Pipeline as View
from generators.ir.view import Task
from generators.model import UNBUILT, Cluster, Environment, Pipeline, Place
from generators.pages.graph import Drawing, drawing
from generators.pages.matrix import Row
from generators.pages.values import Table, Value, shown, table, values


@dataclass(frozen=True)
class Image:
    """The image of a component in an environment: the source that it is built from, and its digest, "" for none."""

    component: str
    source: str
    environment: str
    reference: str
    digest: str


@dataclass(frozen=True)
class Step:
    """What a step asks for on some clusters; "" is what it does not ask for."""

    path: str
    image: str
    cpu: str
    memory: str
    accelerator: str
    retries: str
    cached: bool


@dataclass(frozen=True)
class Steps:
    """The steps on those clusters of an environment on which they ask for the same."""

    environment: str
    clusters: tuple[str, ...]
    rows: tuple[Step, ...]


@dataclass(frozen=True)
class Defined:
    """A definition with the environments that run it, and its graph."""

    definition: Definition
    environments: tuple[str, ...]
    drawing: Drawing
    paths: frozenset[str]


@dataclass(frozen=True)
class Page:
    """All that is shown of a pipeline."""

    name: str
    description: str
    rows: tuple[Row, ...]
    defined: tuple[Defined, ...]
    images: tuple[Image, ...]
    steps: tuple[Steps, ...]
    parameters: Table
    settings: Table
    documented: str = field(default="")  # the file of its page for people


def page(fleet: Fleet, name: str, rows: Sequence[Row]) -> Page:
    """The page of a pipeline; `rows` are those of it."""
    deployed = dict(_deployed(fleet, name))
    defined = tuple(_defined(deployed))
    first = View.of(defined[0].definition.spec) if defined else None
    merged = {environment: fleet.files.merged(environment) for environment in deployed}
    file = f"docs/pipelines/{name}.md"
    return Page(
        name,
        str(first.info.get("description", "")) if first else "",
        tuple(rows),
        defined,
        tuple(image for each in deployed.values() for image in _images(*each)),
        tuple(found for each in deployed.values() for found in _steps(*each)),
        table({key: _parameters(each, name, deployed[key][2]) for key, each in merged.items()}),
        table({key: values(each, ("pipelines", name), ("parameters",)) for key, each in merged.items()}),
        file if fleet.repository.exists(file) else "",
    )


Deployed = tuple[Environment, Pipeline, Definition]


def _deployed(fleet: Fleet, name: str) -> Iterator[tuple[str, Deployed]]:
    for environment in fleet.environments.values():
        pipeline = next((each for each in environment.pipelines if each.name == name), None)
        definition = fleet.definition(environment.name, name)
        if pipeline and definition:
            yield environment.name, (environment, pipeline, definition)


def _defined(deployed: Mapping[str, Deployed]) -> Iterator[Defined]:
    known = {definition.hash: definition for _, _, definition in deployed.values()}
    for hash_, definition in known.items():
        running = tuple(name for name, (_, _, each) in deployed.items() if each.hash == hash_)
        view = View.of(definition.spec, definition.platform)
        yield Defined(definition, running, drawing(view), frozenset(step.path for step in steps(definition.spec)))


def _images(environment: Environment, pipeline: Pipeline, definition: Definition) -> Iterator[Image]:
    if not any(engine(cluster.engine).on_kubernetes for cluster in environment.clusters):
        return
    for component, source in sorted(definition.sources.items()):
        known = environment.images.get(component)
        digest = known.digest(source) if known else UNBUILT
        reference = f"{environment.registry}/{component}"
        yield Image(component, source, environment.name, reference, "" if digest == UNBUILT else digest)


def _steps(environment: Environment, pipeline: Pipeline, definition: Definition) -> Iterator[Steps]:
    """The steps on each cluster; clusters on which they ask for the same stand together."""
    found: dict[tuple[Step, ...], list[str]] = {}
    for cluster in (each for each in environment.clusters if pipeline.runs_on(each.name)):
        found.setdefault(tuple(_on(environment, pipeline, definition, cluster)), []).append(cluster.name)
    yield from (Steps(environment.name, tuple(clusters), rows) for rows, clusters in found.items() if rows)


def _on(environment: Environment, pipeline: Pipeline, definition: Definition, cluster: Cluster) -> Iterator[Step]:
    try:
        view = View.of(*overlay(definition, environment, cluster, pipeline))
    except GraftError:  # `check` says why it is not rendered
        return
    for step in steps(view.spec):
        if container := view.container(step.executor):
            task, resources = Task("", step.task), container.resources
            accelerator, count = resources.accelerator
            cpu, memory = (_amount(resources.amount(kind, "Request"), resources.amount(kind, "Limit"))
                           for kind in ("cpu", "memory"))  # fmt: skip
            image = container.image.partition("@")[0].rpartition("/")[2]
            asked = f"{count} {accelerator}" if accelerator else ""
            yield Step(
                step.path, image, cpu, memory, asked, str(task.retry.count) if task.retry else "", task.is_cached
            )


def _amount(request: str, limit: str) -> str:
    """A request with its limit, where that is another."""
    return request if limit in ("", request) else limit if not request else f"{request}, at most {limit}"


def _parameters(environment: Merged, name: str, definition: Definition) -> dict[str, Value]:
    """The parameters that files set, and then those of the pipeline's own that no file does."""
    found = values(environment, ("pipelines", name, "parameters"))
    settled = {key.partition(".")[0] for key in found}
    own = {
        key: Value(shown(declared["defaultValue"], key), Place(definition.path, 0), own=True)
        for key, declared in definition.parameters.items()
        if key not in settled and "defaultValue" in declared
    }
    return found | own
