"""Reads what the IR and its PlatformSpec say of a task's pod."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from generators.ir.normal_form import text
from generators.ir.normal_form.neutral import OWN, Tree, amount, canonical
from generators.ir.normal_form.placement import attracted, selected, tolerated
from generators.ir.values import text_of

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


def is_claim(container: Tree) -> bool:
    """Whether a task creates or deletes a claim: no engine runs its image, which stands for what it does."""
    return container.get("image", "").startswith("argostub/")


def of_task(container: Tree, settings: Tree, known: text.Known, present: set[str]) -> dict[str, Any]:
    """The fields of a Task that its container and the PlatformSpec decide; `present` are the inputs with a value."""
    return {
        "image": known.text(container.get("image", "")),
        "command": _command(container, known, present),
        "resources": dict(_resources(container.get("resources", {}), known)),
        "env": dict(_env(container, settings, known)),
        "volumes": dict(_volumes(settings, known)),
        "settings": dict(_settings(settings, known)),
    }


def _command(container: Tree, known: text.Known, present: set[str]) -> tuple[str, ...]:
    whole = [*container.get("command", []), *container.get("args", [])]
    if "{{$}}" in whole and any("executor_main" in part for part in whole):
        return tuple(whole)  # the KFP executor itself puts its inputs in
    command, args = (text.arguments(container.get(part, []), present, known) for part in ("command", "args"))
    return (*(command or [OWN]), *args)


def _resources(spec: Tree, known: text.Known) -> Iterator[tuple[str, str]]:
    """The newer fields are quantities, the deprecated ones cores, and gigabytes of 10^9 bytes."""
    for bound in ("Request", "Limit"):
        for name, unit in (("cpu", ""), ("memory", "G")):
            value = spec.get(f"resource{name.capitalize()}{bound}")
            if not value and spec.get(f"{name}{bound}"):
                value = f"{text_of(spec[f'{name}{bound}'])}{unit}"
            if value:
                yield f"{name} {bound.lower()}", amount(known.text(str(value)))
    accelerator = spec.get("accelerator", {})
    kind, count = (
        str(accelerator.get(newer) or accelerator.get(older) or "")
        for newer, older in (("resourceType", "type"), ("resourceCount", "count"))
    )
    if count not in ("", "0"):
        yield f"{known.text(kind)} limit", amount(known.text(count))


def _env(container: Tree, settings: Tree, known: text.Known) -> Iterator[tuple[str, str]]:
    """In the order in which Kubernetes is given them: of two that are alike the later holds."""
    for item in container.get("env", []):
        yield item["name"], canonical(item.get("value", ""))
    for field, name, key, word in (
        ("secretAsEnv", "secretName", "secretKey", "secret"),
        ("configMapAsEnv", "configMapName", "configMapKey", "config map"),
    ):
        for entry in settings.get(field, []):
            source = f"{word} {known.named(entry, name)}{_optional(entry)}"
            for pair in entry.get("keyToEnv", []):
                yield pair["envVar"], f"{source}, key {pair[key]}"
    for item in settings.get("fieldPathAsEnv", []):
        yield item["name"], f"field {item['fieldPath']}"


def _volumes(settings: Tree, known: text.Known) -> Iterator[tuple[str, str]]:
    """Mount path to what is mounted there."""
    for field, name, word in (
        ("secretAsVolume", "secretName", "secret"),
        ("configMapAsVolume", "configMapName", "config map"),
    ):
        for entry in settings.get(field, []):
            yield entry["mountPath"], f"{word} {known.named(entry, name)}{_optional(entry)}"
    for entry in settings.get("pvcMount", []):
        twin = "pvcNameParameter" not in entry and entry.get("constant")
        name = twin or known.content(entry.get("pvcNameParameter", entry))
        yield entry["mountPath"], " in ".join(filter(None, [entry.get("subPath"), f"claim {name}"]))
    for entry in settings.get("emptyDirMounts", []):
        yield entry["mountPath"], _words("empty directory", entry.get("medium"), entry.get("sizeLimit"))
    if "enabledSharedMemory" in settings:
        yield "/dev/shm", _words("empty directory", "Memory", settings["enabledSharedMemory"].get("size"))
    for entry in settings.get("genericEphemeralVolume", []):
        named = "" if entry.get("defaultStorageClass") else entry.get("storageClassName")
        yield entry["mountPath"], _words("new claim", *entry.get("accessModes", []), entry.get("size"), named)


def _settings(settings: Tree, known: text.Known) -> Iterator[tuple[str, str]]:
    for field, word in (("imagePullPolicy", "pull policy"), ("activeDeadlineSeconds", "timeout")):
        if settings.get(field):
            yield word, str(settings[field])
    for entry in settings.get("imagePullSecret", []):
        yield f"pull secret {known.named(entry, 'secretName')}", "yes"
    for word in ("label", "annotation"):
        for name, value in settings.get("podMetadata", {}).get(f"{word}s", {}).items():
            yield f"{word} {name}", value
    for field in ("runAsUser", "runAsGroup", "runAsNonRoot"):
        if field in settings.get("securityContext", {}):
            yield field, str(settings["securityContext"][field]).lower()
    yield from _placement(settings, known)


def _placement(settings: Tree, known: text.Known) -> Iterator[tuple[str, str]]:
    selector = settings.get("nodeSelector", {})
    wanted = _read(selector["nodeSelectorJson"], known) if "nodeSelectorJson" in selector else selector.get("labels")
    yield from selected(wanted)
    for entry in settings.get("tolerations", []):
        yield from tolerated(_read(entry["tolerationJson"], known) if "tolerationJson" in entry else entry)
    for entry in settings.get("nodeAffinity", []):
        given = entry.get("nodeAffinityJson")
        yield from attracted("node", _read(given, known) if given else entry)
    for entry in settings.get("podAffinity", []):
        yield from attracted("anti-pod" if entry.get("anti") else "pod", entry)


def _read(source: Tree, known: text.Known) -> Any:
    """What a source of the PlatformSpec holds as JSON, or what it refers to."""
    value = known.content(source)
    return json.loads(value) if "constant" in source.get("runtimeValue", {}) and value else value


def _optional(entry: Tree) -> str:
    return " (optional)" if entry.get("optional") else ""


def _words(*words: str | None) -> str:
    return " ".join(word for word in words if word)
