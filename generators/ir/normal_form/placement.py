"""Facts of where a pod may run, of Kubernetes' own objects and of the PlatformSpec's alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generators.ir.normal_form.neutral import canonical

_HELD = ("weight", "topologyKey", "namespaces")


def selected(wanted: Any) -> Iterator[tuple[str, str]]:
    """The facts of a node selector, or of what refers to one."""
    if isinstance(wanted, str):
        yield f"node selector {wanted}", "yes"
    for name, value in wanted.items() if isinstance(wanted, Mapping) else ():
        yield f"node selector {name}", value


def tolerated(wanted: Any) -> Iterator[tuple[str, str]]:
    """The facts of one toleration, of several, or of what refers to them."""
    if isinstance(wanted, list):
        for item in wanted:
            yield from tolerated(item)
    elif isinstance(wanted, Mapping):
        kept = {key: str(value) for key, value in wanted.items() if value not in ("", None)}
        yield f"toleration {canonical(kept)}", "yes"
    elif wanted:
        yield f"tolerations {wanted}", "yes"


def attracted(word: str, wanted: Any) -> Iterator[tuple[str, str]]:
    """The facts of an affinity: every expression in it, however a form nests them, or what refers to one."""
    if isinstance(wanted, str):
        yield f"{word} affinity {wanted}", "yes"
    else:
        yield from ((f"{word} affinity {canonical(item)}", "yes") for item in _expressions(wanted, {}))


def _expressions(wanted: Any, around: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every expression with what holds for it: the weight, the topology and the namespaces that stand around it."""
    if isinstance(wanted, list):
        for item in wanted:
            yield from _expressions(item, around)
    elif isinstance(wanted, Mapping):
        held = {**around, **{key: wanted[key] for key in _HELD if wanted.get(key)}}
        if "operator" in wanted:
            yield {**held, **{key: value for key, value in wanted.items() if value}}
            return
        for key, item in wanted.items():
            if key.startswith("match") and key.endswith("Labels"):
                yield from [{**held, "labels": item}] if item else []
            else:
                yield from _expressions(item, held)
