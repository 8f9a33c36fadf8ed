"""What an AppProject of Argo CD lets its Applications hold, and where they may go: a reading of Argo CD's own rules.

`globs` are those of gobwas/glob with a separator for sources and none for destinations; kinds go by Go's
path/filepath.Match. A list of kinds of a namespace that is missing allows all of them, one that is empty allows none;
for kinds of a whole cluster both allow none.
Source: pkg/apis/application/v1alpha1/app_project_types.go of https://github.com/argoproj/argo-cd (v3.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

Spec = Mapping[str, Any]


def admits_kind(spec: Spec, group: str, kind: str, name: str, namespaced: bool) -> bool:
    """Whether a project's Applications may hold an object."""
    if namespaced:
        allowed, denied = spec.get("namespaceResourceWhitelist"), spec.get("namespaceResourceBlacklist") or ()
        return (allowed is None or _listed(allowed, group, kind)) and not _listed(denied, group, kind)
    allowed, denied = spec.get("clusterResourceWhitelist") or (), spec.get("clusterResourceBlacklist") or ()
    return _listed(allowed, group, kind, name) and not _listed(denied, group, kind, name)


def admits_source(spec: Spec, repository: str) -> bool:
    """Whether its Applications may come from a repository; what one pattern with ! forbids no other allows."""
    found = False
    for pattern in spec.get("sourceRepos") or ():
        denied = pattern.startswith("!")
        normal = f"!{normalized(pattern[1:])}" if denied else normalized(pattern)
        if _matches(normal, normalized(repository), "/"):
            found = True
        elif denied:
            return False
    return found


def admits_destination(spec: Spec, server: str, namespace: str, name: str = "") -> bool:
    """Whether its Applications may go to a namespace of a cluster, by its server or its name."""
    found = False
    for item in spec.get("destinations") or ():
        called, at, into = (item.get(key) or "" for key in ("name", "server", "namespace"))
        by_name, by_server = bool(name) and _matches(called, name), bool(server) and _matches(at, server)
        here = _matches(into, namespace)
        not_the_cluster = (not by_name and called.startswith("!")) or (not by_server and at.startswith("!") and here)
        if (by_server or by_name) and here:
            found = True
        elif not_the_cluster or (not here and into.startswith("!") and by_server):
            return False
    return found


def normalized(url: str) -> str:
    """A repository's URL as Argo CD compares it: in lower case, without .git and ssh://."""
    text = url.strip().lower()
    if re.match(r"(ssh://)?[^/:]*@[^@]+$", text) and not text.startswith("ssh://"):
        text = text.replace(":", "/", 1)
    return text.removesuffix(".git").removeprefix("ssh://")


def _matches(pattern: str, text: str, separator: str = "") -> bool:
    if pattern.startswith("!"):
        return not _glob(pattern[1:], separator).fullmatch(text)
    return pattern == "*" or bool(_glob(pattern, separator).fullmatch(text))


def _listed(items: Iterable[Mapping[str, str]], group: str, kind: str, name: str | None = None) -> bool:
    for item in items:
        if _glob(item.get("kind") or "", "/").fullmatch(kind) and _glob(item.get("group") or "", "/").fullmatch(group):
            wanted = item.get("name") if name is not None else ""
            if not wanted or _glob(wanted, "/").fullmatch(name or ""):
                return True
    return False


@cache
def _glob(pattern: str, separator: str) -> re.Pattern[str]:
    """A glob as a regular expression: * and ? stop at the separator, ** does not."""
    one = f"[^{re.escape(separator)}]" if separator else "."
    found, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        end = pattern.find("]", at + 2) if char == "[" else pattern.find("}", at) if char == "{" else -1
        if pattern.startswith("**", at):
            found, at = f"{found}.*", at + 2
        elif char in "*?":
            found, at = found + (f"{one}*" if char == "*" else one), at + 1
        elif char == "[" and end > 0:
            inner = pattern[at + 1 : end]
            negated = inner[0] in "!^"
            inside = re.sub(r"([\\\[\]^])", r"\\\1", inner[negated:])
            found, at = f"{found}[{'^' if negated else ''}{inside}]", end + 1
        elif char == "{" and end > 0:
            choices = "|".join(_glob(each, separator).pattern for each in pattern[at + 1 : end].split(","))
            found, at = f"{found}(?:{choices})", end + 1
        elif char == "\\" and at + 1 < len(pattern):
            found, at = found + re.escape(pattern[at + 1]), at + 2
        else:
            found, at = found + re.escape(char), at + 1
    return re.compile(found, re.DOTALL)
