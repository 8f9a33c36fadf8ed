"""Fields that the API server, or a kind's controller, refuses to change or does not look at again.

Kubernetes' own: pkg/apis/*/validation of https://github.com/kubernetes/kubernetes (`Validate...Update`). KFP:
backend/src/apiserver/webhook/pipelineversion_webhook.go. A TFJob and a Workflow are runs: nothing runs again when one
is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from generators.checks.history.change import Change, Identity, Object, sync_options
from generators.checks.history.destroyed import Destroyed
from generators.model import Finding, Place
from generators.quantities import quantity


class Fixed(NamedTuple):
    """The fields of a kind that stay as they were made, and those inside them that may change all the same."""

    fields: tuple[str, ...]
    but: tuple[str, ...] = ()


_FIXED = {  # by group and kind
    ("pipelines.kubeflow.org", "PipelineVersion"): Fixed(("spec",)),
    ("kubeflow.org", "TFJob"): Fixed(("spec",), ("spec.runPolicy.suspend",)),
    ("argoproj.io", "Workflow"): Fixed(
        ("spec",), ("spec.suspend", "spec.shutdown", "spec.activeDeadlineSeconds", "spec.parallelism")
    ),
    ("batch", "Job"): Fixed(
        ("spec",),
        ("spec.parallelism", "spec.suspend", "spec.activeDeadlineSeconds", "spec.backoffLimit",
         "spec.ttlSecondsAfterFinished"),
    ),
    ("", "Pod"): Fixed(
        ("spec",), ("spec.tolerations", "spec.activeDeadlineSeconds", "spec.containers", "spec.initContainers")
    ),
    ("", "PersistentVolumeClaim"): Fixed(("spec",), ("spec.resources.requests", "spec.volumeAttributesClassName")),
    ("", "Secret"): Fixed(("type",)),
    ("", "Service"): Fixed(("spec.clusterIP",)),
    ("apps", "Deployment"): Fixed(("spec.selector",)),
    ("apps", "ReplicaSet"): Fixed(("spec.selector",)),
    ("apps", "DaemonSet"): Fixed(("spec.selector",)),
    ("apps", "StatefulSet"): Fixed(
        ("spec",),
        ("spec.replicas", "spec.ordinals", "spec.template", "spec.updateStrategy", "spec.minReadySeconds",
         "spec.persistentVolumeClaimRetentionPolicy", "spec.revisionHistoryLimit"),
    ),
    ("rbac.authorization.k8s.io", "RoleBinding"): Fixed(("roleRef",)),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): Fixed(("roleRef",)),
    ("storage.k8s.io", "StorageClass"): Fixed(("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")),
    ("scheduling.k8s.io", "PriorityClass"): Fixed(("value", "preemptionPolicy")),
    ("networking.k8s.io", "IngressClass"): Fixed(("spec.controller",)),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): Fixed(
        ("spec.scope", "spec.group", "spec.names.kind", "spec.names.plural")
    ),
}  # fmt: skip
_DATA = ("data", "binaryData", "stringData", "immutable")  # of a ConfigMap or a Secret that says `immutable: true`
_STORAGE, _WIDTH = "spec.resources.requests.storage", 100
_RECREATED = {"Replace=true", "Force=true"}  # Argo CD then deletes the object and makes it again


@dataclass(frozen=True)
class _Changed:
    """One immutable field that changed."""

    identity: Identity
    file: str
    field: str
    before: object
    after: object


def findings(change: Change) -> Iterator[Finding]:
    """A finding for every immutable field that changed, where Argo CD would not make the object anew."""
    for each in _changed(change):
        if not sync_options(change.after[each.identity].object) >= _RECREATED:
            message = f"{each.identity.kind} {each.identity.name}: this cannot be changed once the object is there"
            fix = "give the object a new name, or leave the field as it was"
            texts = (message, _shown(each.after), _shown(each.before), fix)
            yield Finding("invalid", "history", "immutable", Place(each.file), each.field, *texts)


def replaced(change: Change) -> Iterator[Destroyed]:
    """What Argo CD deletes and makes again, since a field that cannot be changed is."""
    for each in _changed(change):
        if sync_options(change.after[each.identity].object) >= _RECREATED:
            yield Destroyed(str(each.identity), each.file, f"is deleted and made again, since {each.field} changes")


def _changed(change: Change) -> Iterator[_Changed]:
    """The first field that may not change of each object that changes one."""
    for identity, before, found in change.kept:
        fixed = _fixed(identity, before)
        paths = [".".join(path) for path in _differences(before, found.object)]
        field = next((path for path in paths if _within(path, fixed.fields) and not _within(path, fixed.but)), "")
        if not field and _shrinks(identity, before, found.object):
            field = _STORAGE
        if field:
            yield _Changed(identity, found.file, field, _at(before, field), _at(found.object, field))


def _shrinks(identity: Identity, before: Object, after: Object) -> bool:
    """Whether a claim asks for less storage than it has."""
    old, new = _at(before, _STORAGE), _at(after, _STORAGE)
    return (identity.group, identity.kind) == ("", "PersistentVolumeClaim") and bool(
        old and new and quantity(str(new)) < quantity(str(old))
    )


def _fixed(identity: Identity, before: Object) -> Fixed:
    fixed = _FIXED.get((identity.group, identity.kind), Fixed(()))
    frozen = not identity.group and identity.kind in ("ConfigMap", "Secret") and before.get("immutable") is True
    return Fixed((*fixed.fields, *_DATA), fixed.but) if frozen else fixed


def _within(path: str, fields: tuple[str, ...]) -> bool:
    return any(path == field or path.startswith(f"{field}.") for field in fields)


def _differences(before: object, after: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The keys down to each value that is not the same; a list is one value."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _differences(before.get(key), after.get(key), (*path, str(key)))
    elif before != after:
        yield path


def _at(obj: object, field: str) -> object:
    for key in field.split("."):
        obj = obj.get(key) if isinstance(obj, dict) else None
    return obj


def _shown(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."
