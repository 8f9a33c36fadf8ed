"""A pipeline's folder on one cluster, read back into what every engine says alike: its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from generators.diff.state import Side
from generators.engines.engine import Engine
from generators.engines.registry import ENGINES
from generators.ir.definitions import DEFINITION_LABEL
from generators.ir.normal_form import Shape, shape_of
from generators.ir.steps import BRANCHES
from generators.ir.view import Pipeline
from generators.model import Cluster

Object = dict[str, Any]
DEFINITION_VARIABLE = "GRAFT_DEFINITION"
STEPS = ("container", "importer")  # the kinds of a task that runs something


def cluster_of(side: Side, environment: str, name: str) -> Cluster | None:
    """The facts of a cluster, None where the side's inputs do not have it."""
    clusters = side.environments[environment].clusters if environment in side.environments else ()
    return next((each for each in clusters if each.name == name), None)


def engine_of(objects: Iterable[Object], cluster: Cluster | None) -> Engine | None:
    """What runs a pipeline: as the cluster says, or by the kind of its version."""
    if cluster and cluster.engine in ENGINES:
        return ENGINES[cluster.engine]
    kinds = {obj.get("kind") for obj in objects if isinstance(obj, dict)}
    return next((each for each in ENGINES.values() if each.version and each.version in kinds), None)


def version_of(objects: Iterable[Object], engine: Engine | None) -> str:
    """The name of the version that a run is started from, "" for none."""
    kind = engine.version if engine else ""
    return next((obj["metadata"]["name"] for obj in _mappings(objects) if kind and obj.get("kind") == kind), "")


def definition_of(objects: Iterable[Any]) -> str:
    """The hash of the definition that objects are made of: by their label, or as the IR tells its steps."""
    for obj in _mappings(objects):
        labels = (obj.get("metadata") or {}).get("labels") or {}
        if found := labels.get(DEFINITION_LABEL):
            return str(found)
        executors = obj.get("pipelineSpec", obj).get("deploymentSpec", {}).get("executors", {})
        for executor in executors.values():
            for variable in executor.get("container", {}).get("env", ()):
                if variable.get("name") == DEFINITION_VARIABLE:
                    return str(variable.get("value", ""))
    return ""


def shape(objects: list[Object], engine: Engine | None) -> Shape | None:
    """What the manifests say, None where there is no pipeline in them, or they cannot be read back."""
    try:
        return _shape(list(_mappings(objects)), engine)
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def plain(path: str) -> str:
    """The path of a task as a person writes it, without what joins the branches of a condition."""
    return "/".join(part for part in path.split("/") if not BRANCHES.fullmatch(part))


def _shape(objects: list[Object], engine: Engine | None) -> Shape | None:
    for obj in objects:
        if engine and (found := engine.read_back(obj)):
            return found
    for obj in objects:
        spec = obj.get("pipelineSpec", obj)
        if "root" in spec and "components" in spec:
            platform = next((other for other in objects if "platforms" in other), None)
            return shape_of(spec, platform)
    return None


def _mappings(objects: Iterable[Any]) -> Iterator[Object]:
    return (obj for obj in objects if isinstance(obj, dict))


@lru_cache
def _nothing() -> Shape:
    return Shape({}, {})


def or_nothing(found: Shape | None) -> Shape:
    """A shape that can be compared: of no pipeline, where there is none."""
    return found or _nothing()


def images_of(pipeline: Pipeline) -> dict[str, str]:
    """The name of the image that the code of a pipeline gives each step, by the step's path."""
    return {
        path: container.image
        for path, task in pipeline.walk()
        if (container := pipeline.container(pipeline.of_task(task).executor))
    }
