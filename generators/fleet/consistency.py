"""What no schema can say of one environment, or of several together: values that must agree."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from generators.engines.registry import engine
from generators.fleet import deliverable, reserved
from generators.inventory.layers import class_of
from generators.inventory.problem import Problem
from generators.ir.validate.kubernetes import NAMESPACE
from generators.model import Cluster, Environment
from generators.suggestions import did_you_mean

NO_CLASS = "missing-class"
FROM_CLASSES = (NO_CLASS, deliverable.NOBODY_STARTS)  # what a class may set right: unknown without the list
NOT_DEPLOYED = "not-deployed"  # the rule of a pipeline whose class is listed and of which nothing more is said


def problems(
    environment: Environment, merged: Mapping[str, Any], classes: Sequence[str], own: Container[str]
) -> list[Problem]:
    """The problems of one environment, which goes by its file's name, with its classes and what they merged into.

    `own` are the pipelines that its own file speaks of.
    """
    found = []
    if merged["environment"] != environment.name:
        message, allowed = "the environment's name is not its file's name", environment.name
        fix = f"write {allowed}"
        if not re.fullmatch(NAMESPACE.pattern, environment.name):
            allowed, fix = "", f"rename the file to environments/{merged['environment']}.yml"
        found.append(Problem(("environment",), "name", message, merged["environment"], allowed, fix))
    if environment.database.url.startswith("sqlite:"):
        found += _sqlite(environment)
    found += reserved.of_environment(environment)
    for cluster in environment.clusters:
        found += _cluster(cluster, environment, merged["clusters"][cluster.name])
    found += deliverable.problems(environment)
    for name, settings in merged["pipelines"].items():
        found += _follows(name, settings, environment.name, name in own)
        if class_of(name) not in classes:
            message, fix = "the pipeline is listed and its class is not", f"add {class_of(name)} to classes"
            found.append(Problem(("pipelines", name), NO_CLASS, message, ", ".join(classes), class_of(name), fix))
    return found


def _sqlite(environment: Environment) -> Iterator[Problem]:
    if environment.database.password:
        message = "SQLite has no password, so nothing would use this"
        yield Problem(("database", "password"), "unused", message, fix="remove it")
    if in_containers(environment):
        message = "a SQLite file in one container is not seen by another, so every record would be lost"
        example = "postgresql://mlflow@db.prod.internal:5432/mlflow"
        yield Problem(("database", "url"), "sqlite", message, environment.database.url, example)


def in_containers(environment: Environment) -> bool:
    """Whether anything of the environment runs in containers, which need images."""
    return any(engine(cluster.engine).in_containers for cluster in environment.clusters)


def _cluster(cluster: Cluster, environment: Environment, facts: Mapping[str, Any]) -> Iterator[Problem]:
    at, runs = ("clusters", cluster.name), engine(cluster.engine)
    for key in runs.needs:
        if key not in facts:
            message = f"a cluster with the engine {cluster.engine} needs {key!r}"
            yield Problem(at, "missing-key", message, ", ".join(facts), fix=f"add {key}")
    for key in sorted(facts.keys() - {"engine"} - runs.takes):
        message = f"nothing uses this on a cluster with the engine {cluster.engine}"
        yield Problem((*at, key), "unused", message, key, ", ".join(sorted(runs.takes)), "remove it")
    yield from _accelerators(cluster)
    yield from runs.problems(cluster, environment)


def _accelerators(cluster: Cluster) -> Iterator[Problem]:
    """Accelerators that the engine does not know, or that the capacity has none of, though it counts some.

    A pod that asks for one of the latter would never start.
    """
    counted, known = [name for name in cluster.capacity if is_device(name)], engine(cluster.engine).devices
    for accelerator in cluster.accelerators:
        path = ("clusters", cluster.name, "accelerators", accelerator.type)
        if accelerator.type not in known if known else not is_device(accelerator.type):
            message = f"there is no such accelerator on a cluster with the engine {cluster.engine}"
            allowed = ", ".join(known) or "the name of a Kubernetes resource, such as nvidia.com/gpu"
            fix = did_you_mean(accelerator.type, known) or "name one of these"
            yield Problem(path, "unknown-accelerator", message, accelerator.type, allowed, fix)
        elif counted and accelerator.type not in counted:
            message = f"the capacity of {cluster.name} has no such accelerator"
            fix = did_you_mean(accelerator.type, counted) or f"add {accelerator.type} to its capacity"
            limits = ("clusters", cluster.name, "capacity")
            allowed = ", ".join(counted)
            yield Problem(path, "unknown-accelerator", message, accelerator.type, allowed, fix, against=(limits,))


def is_device(resource: str) -> bool:
    """Whether a resource is one of a vendor's domain, such as nvidia.com/gpu, and none that every node has."""
    return "/" in resource


def _follows(name: str, settings: Mapping[str, Any], environment: str, own: bool) -> Iterator[Problem]:
    """Whether an environment says which definition of a pipeline it runs, in exactly one way."""
    given = [key for key in ("definition", "track") if key in settings]
    if not given and not own:
        message = f"{environment} lists the class {class_of(name)}, and does not say which definition of {name} it runs"
        fix = f"remove {class_of(name)} from classes, or add pipelines.{name}: {{track: head}}"
        yield Problem(("pipelines", name), NOT_DEPLOYED, message, class_of(name), fix=fix)
    elif len(given) != 1:
        message = "says both, a definition and to track head" if given else "does not say which definition it runs"
        fix = 'write track: head, or definition: "<hash>"'
        yield Problem(("pipelines", name), "definition", message, ", ".join(given), "one of definition, track", fix)
