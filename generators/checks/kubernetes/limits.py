"""Quotas and the defaults of a namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.checks.kubernetes.amounts import OBJECTS, amount, is_extended, is_known
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = dict[str, Any]


def quota(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """What it limits, and to how much."""
    for name, value in (spec.get("hard") or {}).items():
        where = (*path, "hard", name)
        if not is_known(name):
            yield Problem(where, "resource", "is no resource of Kubernetes", name, fix="write its domain before a /")
        elif amount(value) < 0:
            yield Problem(where, "quantity", "is less than nothing", str(value), "0 or more")
        elif (name in OBJECTS or name.startswith("count/")) and amount(value) % 1:
            yield Problem(where, "quantity", "is counted in whole pieces", str(value))


def ranges(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """For each resource: min <= defaultRequest <= default <= max."""
    kinds = [each.get("type") for each in spec.get("limits") or ()]
    for at, each in enumerate(spec.get("limits") or ()):
        where = (*path, "limits", at)
        if each.get("type") in kinds[:at]:
            yield Problem((*where, "type"), "duplicate", "is there already", str(each.get("type")))
        if each.get("type") == "Pod":
            for key in ("default", "defaultRequest"):
                if each.get(key):
                    yield Problem((*where, key), "limit", "a pod as a whole has no default", fix="limit Container")
        if each.get("type") == "PersistentVolumeClaim" and not any(
            "storage" in (each.get(key) or {}) for key in ("min", "max")
        ):
            yield Problem(where, "limit", "a claim is limited by its storage", fix="add min or max of storage")
        yield from _resources(each, where)


def _resources(each: Object, where: KeyPath) -> Iterator[Problem]:
    ordered = ("min", "defaultRequest", "default", "max")
    names = dict.fromkeys(name for key in (*ordered, "maxLimitRequestRatio") for name in each.get(key) or ())
    for name in names:
        if not is_known(name):
            path = next((key, name) for key in (*ordered, "maxLimitRequestRatio") if name in (each.get(key) or {}))
            yield Problem(
                (*where, *path), "resource", "is no resource of Kubernetes", name, fix="write its domain before a /"
            )
            continue
        known = [(key, amount(each[key][name])) for key in ordered if name in (each.get(key) or {})]
        for (low, less), (high, more) in _pairs(known):
            if less > more:
                message = f"{low} is more than {high}"
                yield Problem(
                    (*where, low, name), "quantity", message, str(each[low][name]), f"at most {each[high][name]}"
                )
        ratio = (each.get("maxLimitRequestRatio") or {}).get(name)
        if ratio is not None and amount(ratio) < 1:
            yield Problem((*where, "maxLimitRequestRatio", name), "quantity", "is less than 1", str(ratio))
        pair = [(each.get(key) or {}).get(name) for key in ("defaultRequest", "default")]
        if is_extended(name) and all(value is not None for value in pair) and amount(pair[0]) != amount(pair[1]):
            yield Problem(
                (*where, "defaultRequest", name), "quantity", "a device is asked for as often as it is limited to"
            )


def _pairs(known: list[Any]) -> Iterator[tuple[Any, Any]]:
    for at, low in enumerate(known):
        for high in known[at + 1 :]:
            yield low, high
