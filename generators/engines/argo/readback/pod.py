"""Reads what a template of Argo runs: a container with its variables and mounts, a claim, or an importer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.readback import expressions
from generators.engines.argo.readback.program import program
from generators.engines.argo.readback.run import EXTRA, Run
from generators.ir.normal_form.neutral import OWN, Source, Tree, amount, canonical
from generators.ir.normal_form.placement import attracted, selected, tolerated

# Argo applies a claim itself, so there is no pod and no image; the IR names what is done by an image that nobody runs.
_CLAIMS = {"create": "argostub/createpvc", "delete": "argostub/deletepvc"}
_ENGINE_S_OWN = {"graft-outputs", "graft-artifacts", "workspace"}
_LIVES = {
    "secondsAfterCompletion": "kept",
    "secondsAfterSuccess": "kept after success",
    "secondsAfterFailure": "kept after failure",
}


def of_pipeline(spec: Tree) -> dict[str, str]:
    """The settings of the pipeline as a whole."""
    found = {_LIVES[field]: str(value) for field, value in spec.get("ttlStrategy", {}).items()}
    found |= {"timeout": str(spec["activeDeadlineSeconds"])} if "activeDeadlineSeconds" in spec else {}
    for claim in spec.get("volumeClaimTemplates", []):
        found[claim["metadata"]["name"]] = amount(claim["spec"]["resources"]["requests"]["storage"])
    return found


def of_template(template: Tree, around: expressions.Inputs) -> Run:
    """What a template runs; `around` says where an extra input comes from."""
    outputs = {entry["name"]: OWN for entry in template.get("outputs", {}).get("parameters", [])}
    if "resource" in template:
        text = template["resource"]["manifest"]
        image = _CLAIMS.get(template["resource"]["action"], "")
        return Run("container", expressions.asked(text), outputs, facts={"image": image})
    if "suspend" in template and outputs:
        return _importer(template, outputs)
    if "container" not in template:
        return Run("dag" if "dag" in template else "nothing")

    def inside(name: str) -> Source:
        return around(name) if EXTRA.fullmatch(name) else expressions.its(name)

    return _container(template, template["container"], inside)


def _importer(template: Tree, outputs: dict[str, str]) -> Run:
    """A suspend template of no duration: what it names stands in the metadata that it gives."""
    (metadata,) = (entry["valueFrom"].get("default", "") for entry in template["outputs"]["parameters"])
    return Run("importer", None, outputs, facts={"command": ("import", *expressions.imported(metadata))})


def _container(template: Tree, container: Tree, inside: expressions.Inputs) -> Run:
    patch = expressions.filled_json(template.get("podSpecPatch") or "{}")
    variables: dict[str, str] = {}
    facts = {
        "image": expressions.put_in(container["image"], inside),
        "env": dict(_env(container, inside, variables)),
        "resources": dict(_resources(container, patch, inside)),
        "volumes": dict(_volumes(template, inside)),
        "settings": dict(_settings(template, patch, inside)),
        "cached": _cached(template),
    }
    return program(template, variables, inside).with_facts(facts)


def _cached(template: Tree) -> str:
    """By what Argo knows a task again: a digest of all that it is given, or a key that a person chose."""
    if "memoize" not in template:
        return ""
    key = template["memoize"]["key"]
    if "sprig.sha256sum(" not in key:
        return "by a key of its own"
    forgotten = _given(template) - expressions.asked(key)
    return "by what it is given" + "".join(f", but for {name}" for name in sorted(forgotten))


def _given(template: Tree) -> set[str]:
    names = {entry["name"] for entry in template.get("inputs", {}).get("parameters", [])}
    return {name for name in names if not EXTRA.fullmatch(name)}


def _env(container: Tree, inside: expressions.Inputs, variables: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What kubelet makes of the variables: one may speak of those before it, and so the engine writes its braces."""
    for entry in container.get("env", []):
        value = expressions.expanded(entry.get("value", ""), variables)
        source = entry.get("valueFrom")
        variables[entry["name"]] = f"({_origin(source, inside)})" if source else value
        if not entry["name"].startswith("GRAFT_BRACE"):
            yield entry["name"], _origin(source, inside) if source else canonical(value)


def _origin(source: Tree, inside: expressions.Inputs) -> str:
    ((kind, where),) = source.items()
    if kind == "fieldRef":
        return f"field {where['fieldPath']}"
    word = {"secretKeyRef": "secret", "configMapKeyRef": "config map"}[kind]
    return f"{word} {expressions.put_in(where['name'], inside)}{_optional(where)}, key {where['key']}"


def _resources(container: Tree, patch: Tree, inside: expressions.Inputs) -> Iterator[tuple[str, str]]:
    """Those of the container, and in the patch those that are known only when the pipeline runs."""
    patched = next((each for each in patch.get("containers", []) if each["name"] == "main"), {})
    for resources in (container.get("resources", {}), patched.get("resources", {})):
        for group, bound in (("requests", "request"), ("limits", "limit")):
            for name, value in resources.get(group, {}).items():
                yield f"{expressions.put_in(name, inside)} {bound}", amount(expressions.put_in(str(value), inside))


def _volumes(template: Tree, inside: expressions.Inputs) -> Iterator[tuple[str, str]]:
    sources = {volume["name"]: volume for volume in template.get("volumes", [])}
    for mount in template["container"].get("volumeMounts", []):
        if mount["name"] not in _ENGINE_S_OWN:
            source = _volume(sources.get(mount["name"], {}), inside)
            yield mount["mountPath"], " in ".join(filter(None, [mount.get("subPath"), source]))


def _volume(volume: Tree, inside: expressions.Inputs) -> str:
    if secret := volume.get("secret"):
        return f"secret {expressions.put_in(secret['secretName'], inside)}{_optional(secret)}"
    if config := volume.get("configMap"):
        return f"config map {expressions.put_in(config['name'], inside)}{_optional(config)}"
    if claim := volume.get("persistentVolumeClaim"):
        return f"claim {expressions.put_in(claim['claimName'], inside)}"
    if claim := volume.get("ephemeral", {}).get("volumeClaimTemplate", {}).get("spec"):
        size, named = claim["resources"]["requests"]["storage"], claim.get("storageClassName")
        return " ".join(filter(None, ["new claim", *claim["accessModes"], size, named]))
    empty = volume.get("emptyDir")
    if empty is None:
        return "a volume that the template does not have"
    return " ".join(filter(None, ["empty directory", empty.get("medium"), empty.get("sizeLimit")]))


def _settings(template: Tree, patch: Tree, inside: expressions.Inputs) -> Iterator[tuple[str, str]]:
    container = template["container"]
    if "imagePullPolicy" in container:
        yield "pull policy", container["imagePullPolicy"]
    if "activeDeadlineSeconds" in template:
        yield "timeout", str(template["activeDeadlineSeconds"])
    for entry in patch.get("imagePullSecrets", []):
        yield f"pull secret {expressions.put_in(entry['name'], inside)}", "yes"
    for word in ("label", "annotation"):
        for name, value in template.get("metadata", {}).get(f"{word}s", {}).items():
            yield f"{word} {name}", value
    for field in ("runAsUser", "runAsGroup", "runAsNonRoot"):
        if field in container.get("securityContext", {}):
            yield field, str(container["securityContext"][field]).lower()
    yield from _placement(template, patch, inside)


def _placement(template: Tree, patch: Tree, inside: expressions.Inputs) -> Iterator[tuple[str, str]]:
    """Where the pod may run. A patch adds to a mapping; lists, and what it says of an affinity, it replaces."""
    for place in (template, patch):
        yield from selected(_known(place.get("nodeSelector"), inside))
    yield from tolerated(_known(patch.get("tolerations", template.get("tolerations")), inside))
    affinity = {**template.get("affinity", {}), **patch.get("affinity", {})}
    for field, word in (("nodeAffinity", "node"), ("podAffinity", "pod"), ("podAntiAffinity", "anti-pod")):
        if field in affinity:
            yield from attracted(word, _known(affinity[field], inside))


def _known(value: Any, inside: expressions.Inputs) -> Any:
    return expressions.put_in(value, inside) if isinstance(value, str) else value


def _optional(entry: Mapping[str, Any]) -> str:
    return " (optional)" if entry.get("optional") else ""
