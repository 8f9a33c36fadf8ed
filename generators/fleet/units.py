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
from generators.model import Cluster, Environment, Pipeline


@dataclass(frozen=True)
class Made:
    """What a unit gives: its files before they are text, what its engine cannot run, and the overlaid IR."""

    files: Files
    unsupported: tuple[Unsupported, ...] = ()
    engine: str = ""
    spec: Document | None = None
    platform: Document | None = None


@dataclass(frozen=True)
class Unit:
    """What stands in one folder: `target` is a pipeline's, None for the platform around the pipelines."""

    environment: Environment
    cluster: Cluster
    header: tuple[str, ...]
    target: Target | None = None

    @cached_property
    def identity(self) -> str:
        """All that the files are made of, as JSON; a definition goes by its digest."""
        return json.dumps(vars(self), default=_plain, sort_keys=True)

    def make(self) -> Made:
        """The files. A pure function of the unit."""
        if self.target is None:
            return Made(platform.render(self.environment, self.cluster))
        name = self.cluster.engine
        try:
            spec, settings = overlay(self.target.definition, self.environment, self.cluster, self.target.pipeline)
        except GraftError as error:
            return Made({}, (Unsupported("overlay", "", error.message, fix=error.fix),), name)
        rendered = engine(name).render(self.target, spec, settings)
        return Made(rendered.files, rendered.unsupported, name, spec, settings)


def of_pipeline(
    environment: Environment, cluster: Cluster, pipeline: Pipeline, definition: Definition, header: tuple[str, ...]
) -> Unit:
    """The unit of a pipeline on a cluster, with what the two say and the pipeline's manifests depend on."""
    wanted = {step.image for step in pipeline.steps.values()}
    images = {
        name: image
        for name, image in environment.images.items()
        if name in wanted or f'"{name}"' in definition.text  # more than it runs would do no harm
    }
    seen = replace(environment, clusters=(), pipelines=(), images=images, accept_unbuilt_images=False)
    there = replace(cluster, name="", server="", capacity={})
    return Unit(seen, there, header, Target(definition, seen, there, pipeline))


def of_platform(environment: Environment, cluster: Cluster, header: tuple[str, ...]) -> Unit:
    """The unit of a cluster's own objects."""
    seen = replace(environment, clusters=(), pipelines=(), images={}, accept_unbuilt_images=False)
    return Unit(seen, replace(cluster, name="", server=""), header)


def _plain(value: Any) -> Any:
    return [value.pipeline, value.digest] if isinstance(value, Definition) else vars(value)
