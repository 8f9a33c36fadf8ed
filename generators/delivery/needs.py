"""What the pipelines of one cluster need around them, and nothing that none of them uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generators.engines.engine import objects_used
from generators.ir.definitions import Definition
from generators.ir.overlay import used_secrets
from generators.ir.steps import steps
from generators.ir.view import Pipeline as Compiled
from generators.ir.view.pod import SECRET
from generators.model import Environment, Pipeline, SecretKey, StepOverlay

ALL = "*"  # stands for the keys of a Secret that is mounted, whatever they are
REGISTRY = ".dockerconfigjson"  # the key of a Secret that images are pulled with


@dataclass(frozen=True)
class Needs:
    """What is used of a cluster.

    secrets  the keys that are read of each Secret, ALL where it is mounted
    uses     the combinations of kinds of the cluster's objects that steps use, such as ("tfjobs",)
    claims   whether a step makes a PersistentVolumeClaim
    serves   the pipelines whose model is served
    """

    secrets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    uses: Sequence[Sequence[str]] = ()
    claims: bool = False
    serves: Sequence[str] = ()

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Needs:
        """The same from its `vars`, read back from JSON."""
        return cls(**record)


def of_pipeline(environment: Environment, pipeline: Pipeline, definition: Definition) -> Needs:
    """The needs of one pipeline as an environment deploys it; its artifacts are in the storage."""
    compiled = Compiled.of(definition.spec, definition.platform)
    keys, uses, claims = list(environment.storage.credentials.values()), set(), False
    for step in steps(definition.spec):
        wanted = pipeline.steps.get(step.path, StepOverlay())
        keys += used_secrets(wanted, environment).values()
        keys += _own_secrets(compiled, step.executor)
        uses.add(objects_used(wanted))
        container = compiled.container(step.executor)
        claims |= bool(container and container.is_claim)
    return Needs(_by_secret(keys), sorted(uses - {()}), claims, [pipeline.name] if pipeline.serve else [])


def together(environment: Environment, each: Iterable[Needs]) -> Needs:
    """The needs of several pipelines, and of what is written down of their runs."""
    needs = list(each)
    keys = [SecretKey(name, key) for one in needs for name, keys in one.secrets.items() for key in keys]
    keys += [SecretKey(name, REGISTRY) for name in environment.pull_secrets]
    if environment.delivery and environment.delivery.statuses:
        keys.append(environment.delivery.statuses.token)
    uses = sorted({tuple(used) for one in needs for used in one.uses})
    serves = sorted({name for one in needs for name in one.serves})
    return Needs(_by_secret(keys), uses, any(one.claims for one in needs), serves)


def _own_secrets(compiled: Compiled, executor: str) -> Iterator[SecretKey]:
    """The keys that a pipeline's code itself names, where the pipeline does not decide which; a pod starts without an
    optional mount.
    """
    pod = compiled.pod(executor)
    named = [(each.source, each.key) for each in pod.variables if each.kind == SECRET]
    named += [(each.source, ALL) for each in pod.mounts if each.kind == SECRET and not each.is_optional]
    named += [(source, REGISTRY) for source in pod.pull_secrets]
    for source, key in named:
        if source.is_constant and isinstance(source.value, str):
            yield SecretKey(source.value, key)


def _by_secret(keys: Iterable[SecretKey]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        found[key.secret].add(key.key)
    return {name: sorted(found[name]) for name in sorted(found)}
