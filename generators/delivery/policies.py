"""The policies of an environment on a cluster, one a file of `schemas/policies`, and the facts that they go by.

Each is a ValidatingAdmissionPolicy, bound to the environment's namespace.

A policy belongs to a whole cluster, so its name begins with the environment's. A binding judges what stands in a
namespace, and nothing else: of what belongs to a cluster as a whole the API server would ask every binding.
https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from generators.delivery.objects import made
from generators.engines.engine import Object
from generators.engines.registry import engine
from generators.inventory.read.reader import read_document
from generators.inventory.read.tree import plain
from generators.model import Cluster, Environment
from generators.output.digest import digest

FOLDER = "schemas/policies"
EXAMPLES = "tests/policies"  # a folder for each policy: `allowed` and `denied`
FILE = "policies.yaml"  # the rendered one
PARAMS = "graft-policies"  # the ConfigMap that they all go by
GROUP = "admissionregistration.k8s.io"
POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"
API_VERSION = f"{GROUP}/v1"
WARN, SKIP = "warn", "skip"
_NOBODY = "privileged"  # the level of a namespace that enforces none
_WAVE = "argocd.argoproj.io/sync-wave"
# After what they go by, which a binding refuses everything without, and gone before it.
_LAST = {_WAVE: "1"}
_NAMESPACED = [
    {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*/*"], "scope": "Namespaced"}
]


@dataclass(frozen=True)
class Policies:
    """The texts of the policies, by the rule that each is; they are read where one of them is needed."""

    texts: Mapping[str, str]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Policies:
        """Those of files, by their paths."""
        return cls({PurePosixPath(file).stem: text for file, text in texts.items()})

    @cached_property
    def digest(self) -> str:
        """The hash of all of them."""
        return digest(*(part for rule, text in sorted(self.texts.items()) for part in (rule, text)))

    @cached_property
    def specs(self) -> dict[str, dict[str, Any]]:
        """What each says, by its rule."""
        return {rule: _spec(rule, text) for rule, text in sorted(self.texts.items())}


NONE = Policies({})


@dataclass(frozen=True)
class Admission:
    """What policies go by in an environment's namespace on a cluster, and those that it does not enforce."""

    environment: str
    facts: Object
    settings: Mapping[str, str]

    @classmethod
    def of(cls, environment: Environment, cluster: Cluster) -> Admission:
        """Those of a cluster."""
        return cls(environment.name, parameters(environment, cluster), environment.policies)

    def binding(self, rule: str) -> dict[str, Any]:
        """The spec of the binding of a policy that is called as its rule."""
        return _binding(rule, self.facts["metadata"]["namespace"], self.settings.get(rule) == WARN)


def _spec(rule: str, text: str) -> dict[str, Any]:
    document = plain(read_document(f"{FOLDER}/{rule}.yaml", text).root)
    return document["spec"]


def render(environment: Environment, cluster: Cluster, policies: Policies) -> dict[str, list[Object]]:
    """File name to the facts, the policies and their bindings.

    Empty where nothing brings them to the cluster, and where the namespace is also that of what runs the pipelines.
    """
    if not (environment.delivery and policies.texts and engine(cluster.engine).only_pipelines(cluster)):
        return {}
    rules = [rule for rule in policies.specs if environment.policies.get(rule) != SKIP]
    files = {FILE: [obj for rule in rules for obj in _bound(rule, environment, policies)]}
    return {"policy-parameters.yaml": [parameters(environment, cluster)], **files}


def parameters(environment: Environment, cluster: Cluster) -> Object:
    """The ConfigMap that the policies go by on a cluster, every value a text; lists have an entry a line."""
    tolerated = [each.type for each in cluster.accelerators if each.tolerations]
    data = {
        "accelerators": "\n".join(tolerated),
        "engine": cluster.engine,
        "environment": environment.name,
        "level": cluster.facts.get("pod_security", _NOBODY),
        "owner": environment.owner,
        "production": str(environment.production).lower(),
        "registries": "\n".join(_registries(environment)),
    }
    return made("v1", "ConfigMap", PARAMS, environment.namespace, {"data": data})


def _registries(environment: Environment) -> list[str]:
    """Where images may come from: what a reference begins with up to a slash, or a whole one."""
    whole = sorted(image.reference for image in environment.images.values() if image.reference)
    more = [each if "@" in each else f"{each.rstrip('/')}/" for each in environment.registries]
    return [f"{environment.registry}/", *more, *whole]


def _bound(rule: str, environment: Environment, policies: Policies) -> Iterator[Object]:
    name = f"{environment.name}-{rule}"
    binding = _binding(name, environment.namespace, environment.policies.get(rule) == WARN)
    yield made(API_VERSION, POLICY, name, "", {"spec": policies.specs[rule]}, annotations=dict(_LAST))
    yield made(API_VERSION, BINDING, name, "", {"spec": binding}, annotations=dict(_LAST))


def _binding(name: str, namespace: str, warns: bool) -> dict[str, Any]:
    """The spec of the binding of the policy `name` to a namespace."""
    return {
        "policyName": name,
        "validationActions": ["Warn", "Audit"] if warns else ["Deny"],
        "paramRef": {"name": PARAMS, "namespace": namespace, "parameterNotFoundAction": "Deny"},
        "matchResources": {
            "matchPolicy": "Equivalent",
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "objectSelector": {},
            "resourceRules": _NAMESPACED,
        },
    }
