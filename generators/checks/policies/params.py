"""The params of a policy's binding.

Source: pkg/admission/plugin/policy/generic/policy_dispatcher.go of https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generators.checks.policies.documents import Binding, Policy
from generators.checks.policies.matching import Request, labels, selects
from generators.checks.policies.resources import Resources

Object = Mapping[str, Any]


class ConfigurationError(Exception):
    """A binding whose params cannot be found."""


def params_of(
    policy: Policy, binding: Binding, request: Request, known: Sequence[Object], resources: Resources
) -> list[Object | None]:
    """Each object of params to evaluate the policy with: None once where it has none, none at all to skip it."""
    reference = binding.param_ref
    if policy.param_kind is None or reference is None:
        return [None]
    api_version, kind = policy.param_kind
    resource = resources.of_object({"apiVersion": api_version, "kind": kind})
    namespaced = resource is None or resource.namespaced
    namespace = (reference.namespace or request.namespace_name) if namespaced else ""
    if not namespaced and reference.namespace:
        raise ConfigurationError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`")
    if namespaced and not namespace:
        problem = "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources"
        raise ConfigurationError(problem)
    found: list[Object | None] = [
        each
        for each in known
        if (each.get("apiVersion"), each.get("kind")) == (api_version, kind) and _is_meant(each, binding, namespace)
    ]
    if not found and reference.missing_denies:
        raise ConfigurationError("no params found for policy binding with `Deny` parameterNotFoundAction")
    return found


def _is_meant(each: Object, binding: Binding, namespace: str) -> bool:
    reference, metadata = binding.param_ref, each.get("metadata") or {}
    if reference is None or (metadata.get("namespace") or "") != namespace:
        return False
    if reference.name:
        return metadata.get("name") == reference.name
    return selects(reference.selector or {}, labels(each))
