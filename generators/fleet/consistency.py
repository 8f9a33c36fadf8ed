"""What no schema can say of one environment, or of several together: values that must agree, or that nothing uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generators.fleet.compatibility import images_of
from generators.inventory.paths import KeyPath
from generators.inventory.schema import Problem
from generators.ir.definitions import Definition
from generators.model import Cluster, Environment, Image

_NEEDED = {"kubeflow": ("server", "mode"), "argo": ("server",), "local": ()}
_MEANINGFUL = {
    "kubeflow": {"server", "mode", "capacity", "accelerators"},
    "argo": {"server", "capacity", "accelerators", "pod_security"},
    "local": set(),
}


def problems(environment: Environment, merged: Mapping[str, Any], classes: Sequence[str]) -> list[Problem]:
    """The problems of one environment, which goes by its file's name, with its classes and what they merged into."""
    found = []
    if merged["environment"] != environment.name:
        message, fix = "the environment's name is not its file's name", f"write {environment.name}"
        found.append(Problem(("environment",), "name", message, merged["environment"], environment.name, fix))
    if environment.database.url.startswith("sqlite:"):
        found += _sqlite(environment)
    for cluster in environment.clusters:
        found += _cluster(cluster, environment, merged["clusters"][cluster.name])
    for name, settings in merged["pipelines"].items():
        found += _follows(name, settings)
        if class_of(name) not in classes:
            message, fix = "the pipeline is listed and its class is not", f"add {class_of(name)} to classes"
            found.append(
                Problem(("pipelines", name), "missing-class", message, ", ".join(classes), class_of(name), fix)
            )
    return found


def class_of(pipeline: str) -> str:
    """The class that holds what is true of a pipeline everywhere."""
    return f"pipelines.{pipeline.replace('-', '_')}"


def _sqlite(environment: Environment) -> Iterator[Problem]:
    if environment.database.password:
        message = "SQLite has no password, so nothing would use this"
        yield Problem(("database", "password"), "unused", message, fix="remove it")
    if not environment.runs_here:
        message = "a SQLite file in one pod is not seen by another, so every record would be lost"
        example = "postgresql://mlflow@db.prod.internal:5432/mlflow"
        yield Problem(("database", "url"), "sqlite", message, environment.database.url, example)


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


def unbuilt_images(environment: Environment) -> list[tuple[bool, Problem]]:
    """Images that were never built, each with whether that is accepted for now; on this machine no image is needed."""
    if environment.runs_here:
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


def stale_images(environment: Environment, sources: Mapping[str, str]) -> list[Problem]:
    """Built images whose component has changed since.

    `sources` maps a component to its folder's hash now, for those whose pipeline tracks head: only their images must
    be of the code beside them.
    """
    return [
        _stale(name, image, sources[name])
        for name, image in environment.images.items()
        if image.built and name in sources and image.source != sources[name]
    ]


def shared_places(environments: Mapping[str, Environment]) -> list[tuple[str, Problem]]:
    """(environment, problem) for every cluster's namespace that two environments claim."""
    claims: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for name, environment in environments.items():
        for cluster in environment.clusters:
            if cluster.server:
                claims[cluster.server, environment.namespace].append((name, cluster.name))
    return [
        (name, _claimed(cluster, namespace, {other for other, _ in claimed} - {name}))
        for (_, namespace), claimed in claims.items()
        for name, cluster in claimed
        if len(claimed) > 1
    ]


def _cluster(cluster: Cluster, environment: Environment, facts: Mapping[str, Any]) -> Iterator[Problem]:
    at = ("clusters", cluster.name)
    for key in _NEEDED[cluster.engine]:
        if key not in facts:
            message = f"a cluster with the engine {cluster.engine} needs {key!r}"
            yield Problem(at, "missing-key", message, ", ".join(facts), fix=f"add {key}")
    for key in facts.keys() - {"engine"} - _MEANINGFUL[cluster.engine]:
        message = f"nothing uses this on a cluster with the engine {cluster.engine}"
        yield Problem((*at, key), "unused", message, key, ", ".join(sorted(_MEANINGFUL[cluster.engine])), "remove it")
    if cluster.mode == "single-user" and environment.namespace != "kubeflow":
        message = "in single-user mode Kubeflow runs pipelines in its own namespace only"
        yield Problem(("namespace",), "mode", message, environment.namespace, "kubeflow")


def _follows(name: str, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Whether an environment says which definition of a pipeline it runs, in exactly one way."""
    given = [key for key in ("definition", "track") if key in settings]
    if len(given) != 1:
        message = "says both, a definition and to track head" if given else "does not say which definition it runs"
        fix = 'write track: head, or definition: "<hash>"'
        yield Problem(("pipelines", name), "definition", message, ", ".join(given), "one of definition, track", fix)


def _stale(name: str, image: Image, source: str) -> Problem:
    message = "the component has changed since this image was built"
    if not image.source:
        message = "does not say which source it was built from"
    fix = f'build and push the image, and write its digest with source: "{source}"'
    return Problem(("images", name, "source"), "stale-image", message, image.source or "no source", source, fix)


def _claimed(cluster: str, namespace: str, others: set[str]) -> Problem:
    others_words = ", ".join(sorted(others)) or "this environment twice"
    message = f"the namespace {namespace} of this cluster is claimed by {others_words} as well"
    return Problem(("clusters", cluster), "shared-namespace", message, fix="give one of them a namespace of its own")
