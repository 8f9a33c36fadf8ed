"""What RBAC refuses: rules about nothing, bindings of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generators.checks.forms import SUBDOMAIN
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = dict[str, Any]
_GROUP = "rbac.authorization.k8s.io"


def role(obj: Object, path: KeyPath) -> Iterator[Problem]:
    """Each rule names what it is about: groups and resources, or for a whole cluster URLs."""
    whole_cluster = obj["kind"] == "ClusterRole"
    for at, rule in enumerate(obj.get("rules") or ()):
        where, urls = (*path, "rules", at), rule.get("nonResourceURLs") or []
        if urls and not whole_cluster:
            message = "a Role is of one namespace, and URLs are of none"
            yield Problem((*where, "nonResourceURLs"), "rule", message, fix="move the rule to a ClusterRole")
        elif urls and any(rule.get(key) for key in ("apiGroups", "resources", "resourceNames")):
            yield Problem(where, "rule", "a rule is about resources or about URLs, not both", fix="write two rules")
        elif not urls:
            for key in ("apiGroups", "resources"):
                if not rule.get(key):
                    fix = 'add apiGroups: [""] for the core group' if key == "apiGroups" else "add resources: [...]"
                    yield Problem(where, "rule", f"a rule names at least one of its {key}", fix=fix)


def binding(obj: Object, path: KeyPath) -> Iterator[Problem]:
    """Whom it gives a role, and which."""
    if obj["kind"] == "ClusterRoleBinding" and obj["roleRef"].get("kind") != "ClusterRole":
        where = (*path, "roleRef", "kind")
        yield Problem(
            where, "role", "a ClusterRoleBinding gives a ClusterRole", obj["roleRef"].get("kind", ""), "ClusterRole"
        )
    for at, subject in enumerate(obj.get("subjects") or ()):
        yield from _subject(subject, obj, (*path, "subjects", at))


def _subject(subject: Object, obj: Object, where: KeyPath) -> Iterator[Problem]:
    kind, group, namespace = subject["kind"], subject.get("apiGroup") or "", subject.get("namespace") or ""
    if kind == "ServiceAccount":
        if group:
            yield Problem((*where, "apiGroup"), "subject", "a ServiceAccount is of the core group", group, '""')
        if not re.fullmatch(SUBDOMAIN["pattern"], subject["name"]):
            yield Problem(
                (*where, "name"), "subject", SUBDOMAIN["x-message"], subject["name"], SUBDOMAIN["description"]
            )
        if not namespace and obj["kind"] == "ClusterRoleBinding":
            yield Problem(where, "subject", "a ServiceAccount is of a namespace", fix="add namespace: ...")
        return
    if group not in ("", _GROUP):
        yield Problem((*where, "apiGroup"), "subject", f"a {kind} is of RBAC's group", group, _GROUP)
