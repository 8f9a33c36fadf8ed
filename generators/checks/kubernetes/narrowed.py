"""The published schemas of Kubernetes' kinds, narrowed to what its API server takes.

That is what fields may be (`fields`), what has to be there, and how objects are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.checks.forms import LABEL, PATH_SEGMENT, QUANTITY_PATTERN, SERVICE, SUBDOMAIN, Schema
from generators.checks.kubernetes.fields import FIELDS
from generators.checks.metadata import object_meta

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "api.core.v1.ConfigMapProjection": ("name",),
    "api.core.v1.SecretProjection": ("name",),
    "api.admissionregistration.v1.ParamKind": ("apiVersion", "kind"),
    "api.core.v1.Container": ("image",),
    "api.core.v1.ConfigMapKeySelector": ("name",),
    "api.core.v1.SecretKeySelector": ("name",),
    "api.core.v1.PersistentVolumeClaimSpec": ("accessModes", "resources"),
    "api.admissionregistration.v1.ParamRef": ("parameterNotFoundAction",),
    "api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec": ("policyName", "validationActions"),
    "api.admissionregistration.v1.ValidatingAdmissionPolicySpec": ("matchConstraints",),
    "api.admissionregistration.v1.NamedRuleWithOperations": ("operations", "apiGroups", "apiVersions", "resources"),
}
SPEC_REQUIRED = {
    "Pod", "Job", "CronJob", "Deployment", "PersistentVolumeClaim", "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
}  # fmt: skip
_NAMES = {
    "Namespace": LABEL,
    "Service": SERVICE,
    "CronJob": {**SUBDOMAIN, "maxLength": 52},
    "Job": {**SUBDOMAIN, "maxLength": 63},
    **dict.fromkeys(("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"), PATH_SEGMENT),
}
CLUSTER_SCOPED = {
    "APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding",
    "CustomResourceDefinition", "DeviceClass", "FlowSchema", "IngressClass", "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume",
    "PriorityClass", "PriorityLevelConfiguration", "ResourceSlice", "RuntimeClass", "StorageClass",
    "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
    "VolumeAttachment", "VolumeAttributesClass",
}  # fmt: skip
_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"


def narrowed(schema: Schema, kind: str) -> Schema:
    """The schema of one of Kubernetes' kinds with all of that."""
    named = object_meta(_NAMES.get(kind, SUBDOMAIN), kind not in CLUSTER_SCOPED, own=True)
    parts = {name: _narrowed(name, part) for name, part in schema.get("$defs", {}).items()}
    if _META in parts:
        parts[_META] = object_meta(named=False)
    if _QUANTITY in parts:
        parts[_QUANTITY] = _quantity(parts[_QUANTITY])
    required = dict.fromkeys([*schema.get("required", ()), "metadata", *(["spec"] if kind in SPEC_REQUIRED else [])])
    whole = {**schema, "required": list(required), "$defs": parts}
    properties = {key: _both(_without_null(known), {}, key in required) for key, known in schema["properties"].items()}
    return {**whole, "properties": {**properties, "metadata": named}}


def _narrowed(name: str, part: Schema) -> Schema:
    """One definition, under its name in the schema."""
    short = name.removeprefix("io.k8s.")
    required = dict.fromkeys([*part.get("required", ()), *REQUIRED.get(short, ())])
    forms = FIELDS.get(short, {})
    properties = {
        key: _both(_in_range(_without_null(known)), forms.get(key, {}), key in required)
        for key, known in part.get("properties", {}).items()
    }
    found = {**part, "properties": properties} if properties else part
    return {**found, **({"required": list(required)} if required else {})}


def _without_null(known: Schema) -> Schema:
    """A list whose items are there: a server takes null for an object without any field, which nobody means."""
    items = known.get("items")
    if not isinstance(items, dict):
        return known
    kinds = items.get("type", ())
    more = {"type": [kind for kind in kinds if kind != "null"]} if isinstance(kinds, list) else {"not": {"const": None}}
    return {**known, "items": {**items, **more}}


def _in_range(known: Schema) -> Schema:
    """A whole number with the bounds of its format."""
    span = {"int32": 1 << 31, "int64": 1 << 63}.get(known.get("format", ""))
    whole = "integer" in known.get("type", ())
    return {**known, "minimum": -span, "maximum": span - 1} if span and whole else known


def _both(known: Schema, form: Schema, required: bool) -> Schema:
    """What is known of a field and its form, as one where they do not speak of the same."""
    if required and isinstance(known.get("type"), list):
        known = {**known, "type": [kind for kind in known["type"] if kind != "null"]}
    if required and "$ref" in known:
        known = {**known, "not": {"const": None}}
    if "enum" in known or (known.keys() & form.keys() - {"type", "minimum", "maximum"}):
        return {"allOf": [known, form]}
    return {**known, **{key: value for key, value in form.items() if key != "type"}}


def _quantity(schema: Any) -> Schema:
    return {
        "type": ["string", "number"],
        "pattern": QUANTITY_PATTERN,
        "description": "a quantity, such as 500m, 2 or 4Gi",
        "examples": ["500m"],
    }
