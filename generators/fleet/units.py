"""The parts of the rendered tree that are made and kept by themselves: a pipeline, or the platform, on a cluster.

A unit holds all that its files are made of and nothing else, so clusters that say the same share one, and what is kept
of it is kept under the hash of just that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from generators.delivery import platform
from generators.engines.engine import Document, Files, Target, Unsupported
from generators.engines.registry import engine
from generators.errors import GraftError
from generators.ir.definitions import Definition
from generators.ir.overlay import overlay
from generators.model import Cluster, Environment, Image, Pipeline
from generators.output.digest import digest


@dataclass(frozen=True)
class RenderedUnit:
    """What a unit gives: its files before they are text, what its engine cannot run, and the overlaid IR."""

    files: Files
    unsupported: tuple[Unsupported, ...] = ()
    engine: str = ""
    spec: Document | None = None
    platform: Document | None = None


@dataclass(frozen=True)
class Workload:
    """What an environment says of a pipeline that it runs, or with none of the platform around its pipelines.

    Nothing is in it that the manifests do not depend on; `header` are the first lines of their files.
    """

    environment: Environment
    header: tuple[str, ...]
    pipeline: Pipeline | None = None
    definition: Definition | None = None

    @cached_property
    def identity(self) -> str:
        """The hash of all of it; a definition goes by its digest."""
        return digest(json.dumps(vars(self), default=_plain, sort_keys=True))

    def on(self, cluster: Cluster) -> Unit:
        """The unit on a cluster, with what the cluster says that matters to it."""
        return Unit(self, replace(cluster, name="", server="", capacity={} if self.pipeline else cluster.capacity))


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
            return RenderedUnit(platform.render(environment, self.cluster))
        name = self.cluster.engine
        try:
            spec, settings = overlay(definition, environment, self.cluster, pipeline)
        except GraftError as error:
            return RenderedUnit({}, (Unsupported("overlay", "", error.message, fix=error.fix),), name)
        rendered = engine(name).render(Target(definition, environment, self.cluster, pipeline), spec, settings)
        return RenderedUnit(rendered.files, rendered.unsupported, name, spec, settings)


def pipeline_workload(
    environment: Environment, pipeline: Pipeline, definition: Definition, header: tuple[str, ...]
) -> Workload:
    """What an environment says of a pipeline."""
    known = {name: _only(name, image, definition.text) for name, image in environment.images.items()}
    images = {name: image for name, image in known.items() if image != Image()}
    return Workload(_without_others(environment, images), header, pipeline, definition)


def _only(name: str, image: Image, text: str) -> Image:
    """What a definition with this text may use of an image: a whole reference, or the digest of its source."""
    if image.reference:
        return image if f'"{name}"' in text else Image()
    return Image({source: digest for source, digest in image.digests.items() if f'"{name}": "{source}"' in text})


def platform_workload(environment: Environment, header: tuple[str, ...]) -> Workload:
    """What an environment says of its clusters' own objects."""
    return Workload(_without_others(environment, {}), header)


def _without_others(environment: Environment, images: dict[str, Image]) -> Environment:
    return replace(environment, clusters=(), pipelines=(), images=images, accept_unbuilt_images=False)


def _plain(value: Any) -> Any:
    return [value.pipeline, value.digest] if isinstance(value, Definition) else vars(value)
