"""Reads what the IR and its PlatformSpec say of a task's pod."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.ir.normal_form import text
from generators.ir.normal_form.neutral import OWN, Tree, amount, canonical
from generators.ir.normal_form.placement import attracted, selected, tolerated
from generators.ir.view import Container, Pod, Resources
from generators.ir.view.container import BOUNDS, KINDS
from generators.ir.view.pod import CLAIM, CONFIG_MAP, EMPTY, EPHEMERAL, MEMORY, SECRET, Decided, Mount, ObjectKey

_CALLED = {SECRET: "secret", CONFIG_MAP: "config map"}
_LIVES = {
    "resourceTtlOnCompletion": "kept",
    "resourceTtlOnSuccess": "kept after success",
    "resourceTtlOnFailure": "kept after failure",
    "activeDeadlineSeconds": "timeout",
}


def of_pipeline(config: Tree) -> dict[str, str]:
    """The settings of the pipeline as a whole."""
    found = {word: str(config[field]) for field, word in _LIVES.items() if config.get(field)}
    return found | ({"workspace": amount(config["workspace"]["size"])} if config.get("workspace") else {})


def of_task(container: Container, pod: Pod, known: text.Known, present: set[str]) -> dict[str, Any]:
    """The fields of a Task that its container and the PlatformSpec decide; `present` are the inputs with a value."""
    return {
        "image": known.text(container.image),
        "command": _command(container, known, present),
        "resources": dict(_resources(container.resources, known)),
        "env": dict(_env(container, pod, known)),
        "volumes": dict(_volumes(pod, known)),
        "settings": dict(_settings(pod, known)),
    }


def _command(container: Container, known: text.Known, present: set[str]) -> tuple[str, ...]:
    if container.runs_kfp:
        return tuple(container.templates)  # the KFP executor itself puts its inputs in
    command, args = (text.arguments(part, present, known) for part in (container.command, container.args))
    return (*(command or [OWN]), *args)


def _resources(resources: Resources, known: text.Known) -> Iterator[tuple[str, str]]:
    for bound in BOUNDS:
        for kind in KINDS:
            if value := resources.amount(kind, bound):
                yield f"{kind} {bound.lower()}", amount(known.text(value))
    name, count = resources.accelerator
    if count:
        yield f"{known.text(name)} limit", amount(known.text(count))


def _env(container: Container, pod: Pod, known: text.Known) -> Iterator[tuple[str, str]]:
    """In the order in which Kubernetes is given them: of two that are alike the later holds."""
    for name, value in container.env:
        yield name, canonical(value)
    for each in pod.variables:
        source = f"{_CALLED[each.kind]} {known.content(each.source)}{_optional(each)}"
        yield each.variable, f"{source}, key {each.key}"
    for name, path in pod.fields:
        yield name, f"field {path}"


def _volumes(pod: Pod, known: text.Known) -> Iterator[tuple[str, str]]:
    """Mount path to what is mounted there."""
    for mount in pod.mounts:
        tree = mount.tree
        if mount.kind == CLAIM:
            where = f"claim {known.content(mount.source)}"
            yield mount.path, " in ".join(filter(None, [tree.get("subPath"), where]))
        elif mount.kind == EMPTY:
            yield mount.path, _words("empty directory", tree.get("medium"), tree.get("sizeLimit"))
        elif mount.kind == MEMORY:
            yield mount.path, _words("empty directory", "Memory", tree.get("size"))
        elif mount.kind == EPHEMERAL:
            named = "" if tree.get("defaultStorageClass") else tree.get("storageClassName")
            yield mount.path, _words("new claim", *tree.get("accessModes", []), tree.get("size"), named)
        else:
            yield mount.path, f"{_CALLED[mount.kind]} {known.content(mount.source)}{_optional(mount)}"


def _settings(pod: Pod, known: text.Known) -> Iterator[tuple[str, str]]:
    for word, value in (("pull policy", pod.pull_policy), ("timeout", pod.deadline)):
        if value:
            yield word, str(value)
    for source in pod.pull_secrets:
        yield f"pull secret {known.content(source)}", "yes"
    for word, said in (("label", pod.labels), ("annotation", pod.annotations)):
        for name, value in said.items():
            yield f"{word} {name}", value
    for field, value in pod.security.items():
        yield field, str(value).lower()
    yield from _placement(pod, known)


def _placement(pod: Pod, known: text.Known) -> Iterator[tuple[str, str]]:
    selector = pod.node_selector
    yield from selected(_read(selector, known) if selector.source else selector.tree.get("labels"))
    for entry in pod.tolerations:
        yield from tolerated(_read(entry, known) if entry.source else entry.tree)
    for entry in pod.node_affinity:
        yield from attracted("node", _read(entry, known) if entry.source else entry.tree)
    for term in pod.pod_affinity:
        yield from attracted("anti-pod" if term.get("anti") else "pod", term)


def _read(entry: Decided, known: text.Known) -> Any:
    """What a setting holds as JSON, or what it refers to."""
    return known.content(entry.source) if entry.is_dynamic else entry.constant


def _optional(entry: ObjectKey | Mount) -> str:
    return " (optional)" if entry.is_optional else ""


def _words(*words: str | None) -> str:
    return " ".join(word for word in words if word)
