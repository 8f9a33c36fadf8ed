"""Which other objects an object names, and so needs to be there: accounts, roles, configuration, versions, policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generators.checks.sync import group_of

Object = dict[str, Any]

_RBAC, _ARGO, _KFP = "rbac.authorization.k8s.io", "argoproj.io", "pipelines.kubeflow.org"
_ADMISSION, _SECRETS = "admissionregistration.k8s.io", "external-secrets.io"
_POD_PATHS = {
    "Pod": ("spec",),
    "Job": ("spec", "template", "spec"),
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}


@dataclass(frozen=True, order=True)
class Name:
    """What an object is called in a cluster: its group, kind, namespace ("" for none) and name."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def name_of(obj: Object, namespace: str = "") -> Name:
    """The name of an object; one without a namespace of its own is in the one that it is applied to."""
    metadata = obj.get("metadata") or {}
    return Name(group_of(obj), obj.get("kind", ""), metadata.get("namespace") or namespace, metadata.get("name") or "")


def made_by(obj: Object) -> Iterator[Name]:
    """What its controller makes of an object: the Secret of an ExternalSecret."""
    if (group_of(obj), obj.get("kind")) == (_SECRETS, "ExternalSecret"):
        own = name_of(obj)
        target = ((obj.get("spec") or {}).get("target") or {}).get("name") or own.name
        yield Name("", "Secret", own.namespace, target)


def needed(obj: Object) -> Iterator[Name]:
    """Every object that an object names."""
    own, spec = name_of(obj), obj.get("spec") or {}
    if own.namespace:
        yield Name("", "Namespace", "", own.namespace)
    kind = (own.group, own.kind)
    if own.kind in _POD_PATHS and own.group in ("", "apps", "batch"):
        yield from _of_pod(_below(obj, _POD_PATHS[own.kind]), own.namespace)
    elif kind in ((_RBAC, "RoleBinding"), (_RBAC, "ClusterRoleBinding")):
        yield from _of_binding(obj, own)
    elif kind == (_KFP, "PipelineVersion"):
        yield Name(_KFP, "Pipeline", own.namespace, spec.get("pipelineName") or "")
    elif kind in ((_ARGO, "Workflow"), (_ARGO, "CronWorkflow")):
        inner = spec.get("workflowSpec") or {} if own.kind == "CronWorkflow" else spec
        yield from _of_workflow(inner, own.namespace)
    elif kind == (_ARGO, "Application"):
        yield Name(_ARGO, "AppProject", own.namespace, spec.get("project") or "default")
    elif kind == (_ADMISSION, "ValidatingAdmissionPolicyBinding"):
        yield from _of_policy(spec)
    elif kind == (_SECRETS, "ExternalSecret"):
        store = spec.get("secretStoreRef") or {}
        if store.get("kind", "SecretStore") == "SecretStore" and store.get("name"):
            yield Name(_SECRETS, "SecretStore", own.namespace, store["name"])


def _below(value: Any, path: tuple[str, ...]) -> Object:
    for key in path:
        value = (value or {}).get(key)
    return value or {}


def _of_pod(pod: Object, namespace: str) -> Iterator[Name]:
    """The account of a pod, and what its volumes and variables are made of; what is optional is not needed."""
    yield from _named(namespace, ("ServiceAccount", {"name": pod.get("serviceAccountName")}))
    for secret in pod.get("imagePullSecrets") or ():
        yield from _named(namespace, ("Secret", secret))
    for volume in pod.get("volumes") or ():
        claim, secret = volume.get("persistentVolumeClaim") or {}, volume.get("secret") or {}
        yield from _named(
            namespace,
            ("PersistentVolumeClaim", {"name": claim.get("claimName")}),
            ("Secret", {**secret, "name": secret.get("secretName")}),
            ("ConfigMap", volume.get("configMap")),
        )
        for source in (volume.get("projected") or {}).get("sources") or ():
            yield from _named(namespace, ("Secret", source.get("secret")), ("ConfigMap", source.get("configMap")))
    for container in [*(pod.get("initContainers") or ()), *(pod.get("containers") or ())]:
        for source in container.get("envFrom") or ():
            yield from _named(namespace, ("Secret", source.get("secretRef")), ("ConfigMap", source.get("configMapRef")))
        for variable in container.get("env") or ():
            source = variable.get("valueFrom") or {}
            key, config = source.get("secretKeyRef"), source.get("configMapKeyRef")
            yield from _named(namespace, ("Secret", key), ("ConfigMap", config))


def _named(namespace: str, *references: tuple[str, Object | None]) -> Iterator[Name]:
    for kind, reference in references:
        if reference and reference.get("name") and not reference.get("optional"):
            yield Name("", kind, namespace, reference["name"])


def _of_binding(obj: Object, own: Name) -> Iterator[Name]:
    role = obj.get("roleRef") or {}
    yield Name(
        _RBAC,
        role.get("kind") or "Role",
        "" if role.get("kind") == "ClusterRole" else own.namespace,
        role.get("name") or "",
    )
    for subject in obj.get("subjects") or ():
        if subject.get("kind") == "ServiceAccount":
            yield Name("", "ServiceAccount", subject.get("namespace") or own.namespace, subject.get("name") or "")


def _of_workflow(spec: Object, namespace: str) -> Iterator[Name]:
    template = spec.get("workflowTemplateRef") or {}
    if template.get("name"):
        whole = bool(template.get("clusterScope"))
        kind = "ClusterWorkflowTemplate" if whole else "WorkflowTemplate"
        yield Name(_ARGO, kind, "" if whole else namespace, template["name"])
    yield from _named(namespace, ("ServiceAccount", {"name": spec.get("serviceAccountName")}))


def _of_policy(spec: Object) -> Iterator[Name]:
    yield Name(_ADMISSION, "ValidatingAdmissionPolicy", "", spec.get("policyName") or "")
    params = spec.get("paramRef") or {}
    if params.get("name") and params.get("namespace"):
        yield Name("", "ConfigMap", params["namespace"], params["name"])
