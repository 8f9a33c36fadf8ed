"""ValidatingAdmissionPolicies and their bindings, read from manifests with the API server's defaults.

Source of the defaults: pkg/apis/admissionregistration/v1/defaults.go of https://github.com/kubernetes/kubernetes (v1.36).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Object = Mapping[str, Any]

GROUP = "admissionregistration.k8s.io"


@dataclass(frozen=True)
class Rule:
    """Requests by operation and resource; `*` is any."""

    operations: tuple[str, ...]
    groups: tuple[str, ...]
    versions: tuple[str, ...]
    resources: tuple[str, ...]
    names: tuple[str, ...] = ()
    scope: str = "*"


@dataclass(frozen=True)
class Match:
    """Which requests a policy or a binding is about; without `rules` it is any resource."""

    rules: tuple[Rule, ...] = ()
    excluded: tuple[Rule, ...] = ()
    namespaces: Object = field(default_factory=dict, hash=False)
    objects: Object = field(default_factory=dict, hash=False)
    policy: str = "Equivalent"


@dataclass(frozen=True)
class Expression:
    """An expression with its place inside the policy: `spec.validations[0].expression`."""

    text: str
    path: str
    name: str = ""


@dataclass(frozen=True)
class Validation:
    """One validation; `message_expression` may be missing."""

    expression: Expression
    message: str = ""
    message_expression: Expression | None = None
    reason: str = "Invalid"


@dataclass(frozen=True)
class Policy:
    """A ValidatingAdmissionPolicy; `param_kind` is an apiVersion and a kind, or None."""

    name: str
    match: Match
    validations: tuple[Validation, ...]
    conditions: tuple[Expression, ...] = ()
    variables: tuple[Expression, ...] = ()
    audit_annotations: tuple[Expression, ...] = ()
    param_kind: tuple[str, str] | None = None
    fails_closed: bool = True


@dataclass(frozen=True)
class ParamRef:
    """The params of a binding: one by its name or some by their labels, in a namespace or in the request's."""

    name: str = ""
    namespace: str = ""
    selector: Object | None = field(default=None, hash=False)
    missing_denies: bool = False


@dataclass(frozen=True)
class Binding:
    """A ValidatingAdmissionPolicyBinding; without a `match` it is about all that its policy is about."""

    name: str
    policy: str
    actions: tuple[str, ...]
    match: Match | None = None
    param_ref: ParamRef | None = None


def policies(documents: Iterable[Object]) -> list[Policy]:
    """The policies among manifests."""
    return [_policy(each) for each in _of_kind(documents, "ValidatingAdmissionPolicy")]


def bindings(documents: Iterable[Object]) -> list[Binding]:
    """The bindings among manifests."""
    return [_binding(each) for each in _of_kind(documents, "ValidatingAdmissionPolicyBinding")]


def _of_kind(documents: Iterable[Object], kind: str) -> Iterable[Object]:
    return (
        each
        for each in documents
        if each.get("kind") == kind and str(each.get("apiVersion", "")).startswith(f"{GROUP}/")
    )


def _policy(document: Object) -> Policy:
    spec = document["spec"]
    kind = spec.get("paramKind")
    return Policy(
        document["metadata"]["name"],
        _match(spec.get("matchConstraints") or {}),
        tuple(_validation(each, f"spec.validations[{place}]") for place, each in _places(spec, "validations")),
        _expressions(spec, "matchConditions", "expression"),
        _expressions(spec, "variables", "expression"),
        _expressions(spec, "auditAnnotations", "valueExpression", "key"),
        (kind["apiVersion"], kind["kind"]) if kind else None,
        spec.get("failurePolicy", "Fail") != "Ignore",
    )


def _places(spec: Object, key: str) -> Iterable[tuple[int, Object]]:
    return enumerate(spec.get(key) or ())


def _expressions(spec: Object, key: str, field_name: str, name: str = "name") -> tuple[Expression, ...]:
    return tuple(
        Expression(each[field_name], f"spec.{key}[{place}].{field_name}", each[name])
        for place, each in _places(spec, key)
    )


def _validation(each: Object, path: str) -> Validation:
    text = each.get("messageExpression", "")
    return Validation(
        Expression(each["expression"], f"{path}.expression"),
        each.get("message", ""),
        Expression(text, f"{path}.messageExpression") if text else None,
        each.get("reason") or "Invalid",
    )


def _binding(document: Object) -> Binding:
    spec = document["spec"]
    match = spec.get("matchResources")
    reference = spec.get("paramRef")
    return Binding(
        document["metadata"]["name"],
        spec["policyName"],
        tuple(spec.get("validationActions") or ()),
        _match(match) if match is not None else None,
        _param_ref(reference) if reference else None,
    )


def _param_ref(reference: Object) -> ParamRef:
    return ParamRef(
        reference.get("name", ""),
        reference.get("namespace", ""),
        reference.get("selector"),
        reference.get("parameterNotFoundAction") == "Deny",
    )


def _match(match: Object) -> Match:
    return Match(
        tuple(map(_rule, match.get("resourceRules") or ())),
        tuple(map(_rule, match.get("excludeResourceRules") or ())),
        match.get("namespaceSelector") or {},
        match.get("objectSelector") or {},
        match.get("matchPolicy") or "Equivalent",
    )


def _rule(rule: Object) -> Rule:
    parts = (
        tuple(rule.get(key) or ()) for key in ("operations", "apiGroups", "apiVersions", "resources", "resourceNames")
    )
    return Rule(*parts, rule.get("scope") or "*")
