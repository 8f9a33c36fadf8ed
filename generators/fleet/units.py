"""The parts of the rendered tree that are made and kept by themselves: a pipeline on a cluster, a cluster's platform,
an environment's Applications.

A unit holds all that its files are made of and nothing else, so clusters that say the same share one, and what is kept
of it is kept under the hash of just that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from generators.delivery import applications, platform, runs, serving
from generators.delivery import needs as needed
from generators.delivery.needs import Needs
from generators.delivery.objects import labelled
from generators.delivery.policies import FILE as POLICIES_FILE
from generators.delivery.policies import FOLDER, NONE, Admission, Policies
from generators.engines.engine import Document, Files, Target, Unsupported
from generators.engines.registry import engine
from generators.errors import GraftError
from generators.ir.definitions import DEFINITION_LABEL, Definition
from generators.ir.labels import of_pipeline
from generators.ir.overlay import overlay
from generators.model import Cluster, Database, Environment, Image, Keep, Pipeline, Serve, Storage
from generators.output.digest import digest

_POLICIES = (f"  {FOLDER}/",)  # as a source in a header


@dataclass(frozen=True)
class RenderedUnit:
    """What a unit gives: its files before they are text, what its engine cannot run, and the overlaid IR.

    `admission` is what policies go by where it is applied, None where nothing judges it.
    """

    files: Files
    unsupported: tuple[Unsupported, ...] = ()
    engine: str = ""
    spec: Document | None = None
    platform: Document | None = None
    admission: Admission | None = None


@dataclass(frozen=True)
class Workload:
    """What an environment says of a pipeline that it runs, or with none of the platform around its pipelines.

    Nothing is in it that the manifests do not depend on; `header` are the first lines of their files, `operations` is
    the image of that component where anything runs it, `policies` are those that judge what comes to a cluster.
    """

    environment: Environment
    header: tuple[str, ...]
    pipeline: Pipeline | None = None
    definition: Definition | None = None
    needs: Needs = field(default_factory=Needs)
    operations: str = ""
    policies: Policies = NONE

    @cached_property
    def identity(self) -> str:
        """The hash of all of it; a definition goes by its digest."""
        return digest(json.dumps(vars(self), default=_plain, sort_keys=True))

    def needed(self) -> Needs:
        """What the pipeline needs of a cluster."""
        return needed.of_pipeline(self.environment, self.pipeline, self.definition)

    def on(self, cluster: Cluster) -> Unit:
        """The unit on a cluster, with what the cluster says that matters to it."""
        if self.pipeline:
            return Unit(self, replace(cluster, name="", server="", capacity={}))
        return Unit(self, replace(cluster, server=""))


@dataclass(frozen=True)
class Unit:
    """What stands in one folder: a pipeline, or the platform, on a cluster."""

    workload: Workload
    cluster: Cluster

    @cached_property
    def identity(self) -> str:
        """The hash of all that the files are made of."""
        return digest(self.workload.identity, json.dumps(vars(self.cluster), default=_plain, sort_keys=True))

    def render(self) -> RenderedUnit:
        """The files. A pure function of the unit."""
        environment, pipeline, definition = self.workload.environment, self.workload.pipeline, self.workload.definition
        if pipeline is None or definition is None:
            needs, image = self.workload.needs, self.workload.operations
            around = platform.render(environment, self.cluster, needs, image, self.workload.policies)
            return RenderedUnit(around, admission=self._admission(environment))
        name = self.cluster.engine
        environment, pipeline = _on_engine(environment, pipeline, definition, name)
        target = Target(definition, environment, self.cluster, pipeline)
        try:
            spec, settings = overlay(definition, environment, self.cluster, pipeline)
        except GraftError as error:
            return RenderedUnit({}, (Unsupported("overlay", "", error.message, fix=error.fix),), name)
        rendered = engine(name).render(target, spec, settings)
        files = rendered.files | runs.render(target, rendered.files, spec, self.workload.operations)
        files |= serving.render(target) if rendered.files else {}
        if engine(name).on_kubernetes:
            labels = of_pipeline(environment, definition) | {DEFINITION_LABEL: definition.hash}
            files = {file: [labelled(obj, labels) for obj in objects] for file, objects in files.items()}
        return RenderedUnit(files, rendered.unsupported, name, spec, settings, self._admission(environment))

    def _admission(self, environment: Environment) -> Admission | None:
        on_kubernetes = engine(self.cluster.engine).on_kubernetes
        return Admission.of(environment, self.cluster) if on_kubernetes else None

    def header_of(self, file: str) -> tuple[str, ...]:
        """The first lines of one of its files."""
        return (*self.workload.header, *(_POLICIES if file == POLICIES_FILE else ()))

    @property
    def pipeline(self) -> str:
        """The pipeline that it holds, "" for none."""
        return self.workload.pipeline.name if self.workload.pipeline else ""


def _on_engine(
    environment: Environment, pipeline: Pipeline, definition: Definition, name: str
) -> tuple[Environment, Pipeline]:
    """An environment and a pipeline as an engine takes them: what is of pods alone is no matter to one without pods."""
    if engine(name).on_kubernetes:
        return replace(environment, labels=of_pipeline(environment, definition) | environment.labels), pipeline
    bare = replace(environment, keep=Keep(runs=""), pull_secrets=(), node_selector={})
    steps = {path: replace(step, node_selector={}) for path, step in pipeline.steps.items()}
    return bare, replace(pipeline, steps=steps, timeout="")


@dataclass(frozen=True)
class ApplicationsUnit:
    """An environment's Applications, which say where its clusters are and which pipelines run there.

    `rules` are the policies that their projects admit.
    """

    environment: Environment
    header: tuple[str, ...]
    rules: tuple[str, ...] = ()
    pipeline: str = ""

    @cached_property
    def identity(self) -> str:
        """The hash of all that the files are made of."""
        return digest("applications", json.dumps(vars(self), default=_plain, sort_keys=True))

    def render(self) -> RenderedUnit:
        """The files. A pure function of the unit."""
        return RenderedUnit(applications.render(self.environment, self.rules))

    def header_of(self, file: str) -> tuple[str, ...]:
        """The first lines of one of its files; the projects admit each policy by its name."""
        return (*self.header, *(_POLICIES if self.rules and file == applications.PROJECTS else ()))


def pipeline_workload(
    environment: Environment, pipeline: Pipeline, definition: Definition, header: tuple[str, ...], operations: str
) -> Workload:
    """What an environment says of a pipeline."""
    known = {name: _only(name, image, definition.text) for name, image in environment.images.items()}
    images = {name: image for name, image in known.items() if image != Image()}
    image = operations if pipeline.run_on_merge or pipeline.schedule else ""
    own = replace(pipeline, clusters=())  # where it runs changes nothing of what it is
    return Workload(_without_others(environment, images), header, own, definition, operations=image)


def _only(name: str, image: Image, text: str) -> Image:
    """What a definition with this text may use of an image: a whole reference, or the digest of its source."""
    if image.reference:
        return image if f'"{name}"' in text else Image()
    return Image({source: digest for source, digest in image.digests.items() if f'"{name}": "{source}"' in text})


def platform_workload(
    environment: Environment, header: tuple[str, ...], needs: Needs, operations: str, policies: Policies
) -> Workload:
    """What an environment says of a cluster's own objects."""
    whole = {name: image for name, image in environment.images.items() if image.reference}
    judged = policies if environment.delivery else NONE
    return Workload(_without_others(environment, whole), header, needs=needs, operations=operations, policies=judged)


def applications_unit(environment: Environment, header: tuple[str, ...], policies: Policies) -> ApplicationsUnit:
    """What an environment's Applications are made of."""
    clusters = tuple(Cluster(each.name, each.engine, each.server) for each in environment.clusters)
    pipelines = tuple(_delivered(each) for each in environment.pipelines)
    rules = tuple(sorted(policies.texts)) if environment.delivery else ()
    bare = Environment(environment.name, environment.namespace, Database(""), Storage(""), "", {}, clusters, pipelines)
    return ApplicationsUnit(replace(bare, owner=environment.owner, delivery=environment.delivery), header, rules)


def _delivered(pipeline: Pipeline) -> Pipeline:
    """Where a pipeline runs, and whether its model is served, and by a version that is pinned."""
    serve = Serve("", pinned=pipeline.serve.pinned) if pipeline.serve else None
    return Pipeline(pipeline.name, clusters=pipeline.clusters, serve=serve)


def _without_others(environment: Environment, images: dict[str, Image]) -> Environment:
    return replace(environment, clusters=(), pipelines=(), images=images, accept_unbuilt_images=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Policies):
        return value.digest
    return [value.pipeline, value.digest] if isinstance(value, Definition) else vars(value)
