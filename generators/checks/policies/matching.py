"""Which requests policies and bindings are about.

Source: pkg/admission/plugin/policy/matching and pkg/admission/plugin/webhook/predicates of
https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generators.checks.policies.documents import Match, Rule
from generators.checks.policies.resources import Resource

Object = Mapping[str, Any]

_NAMESPACES = ("", "v1", "namespaces")


@dataclass(frozen=True)
class Request:
    """What the API server is asked: an operation on an object, whose Namespace is one too."""

    operation: str
    resource: Resource
    object: Object | None
    old: Object | None = None
    namespace: Object | None = None
    subresource: str = ""
    user: Object = field(default_factory=dict)

    @property
    def known(self) -> Object:
        """The object, or of a deletion what is deleted."""
        return self.object if self.object is not None else self.old or {}

    @property
    def name(self) -> str:
        """The object's name, empty where the cluster makes one."""
        return str(_metadata(self.known).get("name") or "")

    @property
    def namespace_name(self) -> str:
        """The namespace of the request: of a Namespace its own name."""
        if (self.resource.group, self.resource.version, self.resource.name) == _NAMESPACES:
            return self.name
        return str(_metadata(self.known).get("namespace") or "") if self.resource.namespaced else ""

    @property
    def namespace_labels(self) -> Mapping[str, str]:
        """The labels that a namespaceSelector sees."""
        of_itself = (
            self.resource.name == "namespaces" and not self.subresource and self.operation in ("CREATE", "UPDATE")
        )
        return labels(self.object if of_itself else self.namespace)


def matches_converted(match: Match, request: Request) -> bool:
    """Whether it is about a request once that is converted to another version, which the API server does.

    matchPolicy: Equivalent asks for it where the cluster serves both versions.
    """
    rules, excluded = (tuple(replace(rule, versions=("*",)) for rule in each) for each in (match.rules, match.excluded))
    in_any = replace(match, rules=rules, excluded=excluded)
    return match.policy == "Equivalent" and not matches(match, request) and matches(in_any, request)


def matches(match: Match, request: Request) -> bool:
    """Whether a policy or a binding is about a request."""
    in_namespace = bool(request.namespace_name) or request.resource.name == "namespaces"
    if in_namespace and not selects(match.namespaces, request.namespace_labels):
        return False
    if any(selected(match.objects)) and not any(
        selects(match.objects, labels(each)) for each in (request.object, request.old) if each is not None
    ):
        return False
    if any(_rule_matches(rule, request) for rule in match.excluded):
        return False
    return not match.rules or any(_rule_matches(rule, request) for rule in match.rules)


def selected(selector: Object) -> tuple[Object, ...]:
    """The requirements of a label selector: none of one that selects all."""
    pairs = (
        {"key": key, "operator": "In", "values": [value]} for key, value in (selector.get("matchLabels") or {}).items()
    )
    return (*pairs, *(selector.get("matchExpressions") or ()))


def selects(selector: Object, found: Mapping[str, str]) -> bool:
    """Whether a label selector selects labels."""
    return all(_requirement(each, found) for each in selected(selector))


def labels(obj: Object | None) -> Mapping[str, str]:
    """The labels of an object: none where one is no text, but null is an empty one."""
    found = _metadata(obj or {}).get("labels")
    if not isinstance(found, dict) or not all(value is None or isinstance(value, str) for value in found.values()):
        return {}
    return {key: value or "" for key, value in found.items()}


def _metadata(obj: Object) -> Object:
    found = obj.get("metadata")
    return found if isinstance(found, dict) else {}


def _requirement(requirement: Object, found: Mapping[str, str]) -> bool:
    key, operator, values = requirement["key"], requirement["operator"], requirement.get("values") or ()
    if operator == "In":
        return key in found and found[key] in values
    if operator == "NotIn":
        return key not in found or found[key] not in values
    return (key in found) == (operator == "Exists")


def _rule_matches(rule: Rule, request: Request) -> bool:
    resource = request.resource
    return (
        _scope(rule.scope, request)
        and _any(rule.operations, request.operation)
        and _any(rule.groups, resource.group)
        and _any(rule.versions, resource.version)
        and any(_resource(each, resource.name, request.subresource) for each in rule.resources)
        and (not rule.names or request.name in rule.names)
    )


def _any(items: tuple[str, ...], wanted: str) -> bool:
    return "*" in items or wanted in items


def _resource(pattern: str, name: str, subresource: str) -> bool:
    resource, _, part = pattern.partition("/")
    return resource in ("*", name) and part in ("*", subresource)


def _scope(scope: str, request: Request) -> bool:
    if scope == "*":
        return True
    resource = request.resource
    in_cluster = (resource.group, resource.version, resource.name) == _NAMESPACES or not request.namespace_name
    return in_cluster == (scope == "Cluster")
