"""What the PlatformSpec says of the pod of one executor: kfp_kubernetes' KubernetesExecutorConfig.

The name of an object is written twice: `secretNameParameter`, a source, is what KFP reads, and `secretName` is its
deprecated twin. Both come out as one source here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir.view.source import Source, constant
from generators.ir.view.tree import NOTHING, Tree

SECRET, CONFIG_MAP = "secret", "configMap"
CLAIM, EMPTY, MEMORY, EPHEMERAL = "claim", "empty", "memory", "ephemeral"
SHARED_MEMORY = "/dev/shm"
# The run's own id, as the whole value of a label. Argo fills every text of a template, labels too
# (https://argo-workflows.readthedocs.io/en/latest/variables/#global); KFP's API server writes its run's id in place of
# this text (`ReplaceUID` in backend/src/apiserver/template/v2_template.go), and fills no placeholder in a label.
RUN_ID = "{{workflow.uid}}"


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A variable that the pod takes from a key of a Secret or a ConfigMap (`kind`)."""

    kind: str
    source: Source
    key: str
    variable: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Mount:
    """Something mounted at `path`: `kind` says what; `source` is its object's name, where it has one."""

    kind: str
    path: str
    tree: Tree
    source: Source | None = None

    @property
    def is_optional(self) -> bool:
        return bool(self.tree.get("optional"))


@dataclass(frozen=True, slots=True)
class Decided:
    """An entry of the pod's settings that may be JSON instead, a constant or decided when the pipeline runs."""

    tree: Tree
    source: Source | None

    @property
    def is_dynamic(self) -> bool:
        """Whether a task, or an input of the pipeline, decides it."""
        return self.source is not None and not self.source.is_constant

    @property
    def constant(self) -> Any:
        """The JSON, None where it is not a constant."""
        return read_json(self.source) if self.source else None


@dataclass(frozen=True, slots=True)
class Pod:
    """The settings of one pod."""

    tree: Tree

    @property
    def variables(self) -> Iterator[ObjectKey]:
        """The variables that it takes from Secrets, then those from ConfigMaps."""
        for field, kind, name in (("secretAsEnv", SECRET, "secret"), ("configMapAsEnv", CONFIG_MAP, "configMap")):
            for entry in self.tree.get(field, ()):
                source, optional = named(entry, f"{name}Name"), bool(entry.get("optional"))
                for pair in entry.get("keyToEnv", ()):
                    yield ObjectKey(kind, source, pair[f"{name}Key"], pair["envVar"], optional)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """(variable, field of the pod) for each variable that it takes from its own fields."""
        return [(item["name"], item["fieldPath"]) for item in self.tree.get("fieldPathAsEnv", ())]

    @property
    def mounts(self) -> Iterator[Mount]:
        """Everything that it mounts."""
        for field, kind, name in (
            ("secretAsVolume", SECRET, "secretName"),
            ("configMapAsVolume", CONFIG_MAP, "configMapName"),
        ):
            for entry in self.tree.get(field, ()):
                yield Mount(kind, entry["mountPath"], entry, named(entry, name))
        for entry in self.tree.get("pvcMount", ()):
            yield Mount(CLAIM, entry["mountPath"], entry, claim(entry))
        for entry in self.tree.get("emptyDirMounts", ()):
            yield Mount(EMPTY, entry["mountPath"], entry)
        if "enabledSharedMemory" in self.tree:
            yield Mount(MEMORY, SHARED_MEMORY, self.tree["enabledSharedMemory"])
        for entry in self.tree.get("genericEphemeralVolume", ()):
            yield Mount(EPHEMERAL, entry["mountPath"], entry)

    @property
    def pull_policy(self) -> str:
        return self.tree.get("imagePullPolicy", "")

    @property
    def pull_secrets(self) -> list[Source]:
        """The names of the Secrets that the image is pulled with."""
        return [named(entry, "secretName") for entry in self.tree.get("imagePullSecret", ())]

    @property
    def deadline(self) -> int:
        """How many seconds it may take, 0 for as long as it likes."""
        return int(self.tree.get("activeDeadlineSeconds", 0))

    @property
    def labels(self) -> Tree:
        """Name to value, which `RUN_ID` may be."""
        return self.tree.get("podMetadata", NOTHING).get("labels", NOTHING)

    @property
    def annotations(self) -> Tree:
        return self.tree.get("podMetadata", NOTHING).get("annotations", NOTHING)

    @property
    def security(self) -> dict[str, Any]:
        """As whom it runs: `runAsUser`, `runAsGroup` (numbers) and `runAsNonRoot`, as far as it is said."""
        said = self.tree.get("securityContext", NOTHING)
        found = {field: int(said[field]) for field in ("runAsUser", "runAsGroup") if field in said}
        return found | ({"runAsNonRoot": said["runAsNonRoot"]} if "runAsNonRoot" in said else {})

    @property
    def node_selector(self) -> Decided:
        """Where it may run, by the labels of nodes; where it is JSON, KFP reads nothing else."""
        return _decided(self.tree.get("nodeSelector", NOTHING), "nodeSelectorJson")

    @property
    def tolerations(self) -> list[Decided]:
        return [_decided(entry, "tolerationJson") for entry in self.tree.get("tolerations", ())]

    @property
    def node_affinity(self) -> list[Decided]:
        return [_decided(entry, "nodeAffinityJson") for entry in self.tree.get("nodeAffinity", ())]

    @property
    def pod_affinity(self) -> list[Tree]:
        return self.tree.get("podAffinity", [])


def named(entry: Tree, field: str) -> Source:
    """The name of the object that an entry refers to, whichever of the twins says it."""
    parameter = entry.get(f"{field}Parameter")
    return Source.of(parameter) if parameter else constant(entry.get(field))


def claim(entry: Tree) -> Source:
    """The name of the claim that a PvcMount refers to, whichever of its fields says it."""
    if "pvcNameParameter" in entry:
        return Source.of(entry["pvcNameParameter"])
    return constant(entry["constant"]) if "constant" in entry else Source.of(_reference(entry))


def read_json(source: Source) -> Any:
    """What a field of JSON holds, None where it is not a constant; a ValueError where its text is not JSON."""
    value = source.value
    return json.loads(value) if isinstance(value, str) else value


def with_name(field: str, name: str) -> dict[str, Any]:
    """The two fields that name an object: `secretName` and its newer twin."""
    return {field: name, f"{field}Parameter": {"runtimeValue": {"constant": name}}}


def secrets_as_env(secrets: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """The entries of `secretAsEnv` for variable to (secret, key): one a Secret, in the order of their names."""
    return [
        {
            **with_name("secretName", name),
            "keyToEnv": [
                {"secretKey": key, "envVar": variable}
                for variable, (secret, key) in sorted(secrets.items())
                if secret == name
            ],
            "optional": False,
        }
        for name in _in_order(secret for secret, _ in secrets.values())
    ]


def pull_secret(name: str) -> dict[str, Any]:
    """The entry of `imagePullSecret` for a Secret."""
    return with_name("secretName", name)


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _decided(entry: Tree, field: str) -> Decided:
    return Decided(entry, Source.of(entry[field]) if field in entry else None)


def _reference(entry: Tree) -> Tree:
    return {key: entry[key] for key in ("taskOutputParameter", "componentInputParameter") if key in entry}
