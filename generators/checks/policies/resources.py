"""Which resource a kind is: its name in URLs and in a policy's rules, and whether it lives in a namespace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Object = Mapping[str, Any]

_KNOWN = frozenset(  # the groups of kinds that graft renders, besides Kubernetes' own
    {
        "argoproj.io",
        "pipelines.kubeflow.org",
        "kubeflow.org",
        "serving.kserve.io",
        "external-secrets.io",
    }
)
_CLUSTER = frozenset(
    {
        "APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterExternalSecret", "ClusterRole",
        "ClusterRoleBinding", "ClusterSecretStore", "ClusterServingRuntime", "ClusterStorageContainer",
        "ClusterTrustBundle", "ClusterWorkflowTemplate", "CustomResourceDefinition", "DeviceClass", "FlowSchema",
        "IPAddress", "IngressClass", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass",
        "PriorityLevelConfiguration", "ResourceSlice", "RuntimeClass", "SelfSubjectAccessReview",
        "SelfSubjectReview", "SelfSubjectRulesReview", "ServiceCIDR", "StorageClass", "StorageVersion",
        "StorageVersionMigration", "SubjectAccessReview", "TokenReview", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment",
        "VolumeAttributesClass",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Resource:
    """A group, a version, and the name of the resource in it."""

    group: str
    version: str
    name: str
    namespaced: bool = True


@dataclass(frozen=True)
class Resources:
    """The resources of the kinds that there are: those above, and those that definitions of custom resources make."""

    defined: Mapping[tuple[str, str], tuple[str, bool]] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[Object]) -> Resources:
        """The resources that are known where these documents are; only its CustomResourceDefinitions count."""
        specs = [each["spec"] for each in documents if each.get("kind") == "CustomResourceDefinition"]
        return cls(
            {
                (spec["group"], spec["names"]["kind"]): (spec["names"]["plural"], spec["scope"] != "Cluster")
                for spec in specs
            }
        )

    def of_object(self, obj: Object) -> Resource | None:
        """The resource of an object, None where its kind is of no group that is known."""
        group, version = group_version(str(obj.get("apiVersion", "")))
        kind = str(obj.get("kind", ""))
        if (group, kind) in self.defined:
            name, namespaced = self.defined[group, kind]
            return Resource(group, version, name, namespaced)
        own = "." not in group or group.endswith(".k8s.io")
        if not kind or not (own or group in _KNOWN):
            return None
        return Resource(group, version, plural(kind), kind not in _CLUSTER)


def group_version(api_version: str) -> tuple[str, str]:
    """An apiVersion in its two parts; the group of `v1` is empty."""
    group, _, version = api_version.rpartition("/")
    return group, version


def plural(kind: str) -> str:
    """The resource of a kind by Kubernetes' own rule (meta.UnsafeGuessKindToResource)."""
    name = kind.lower()
    if name.endswith("endpoints"):
        return name
    if name.endswith("s"):
        return f"{name}es"
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
