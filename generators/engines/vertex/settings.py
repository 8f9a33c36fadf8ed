"""What the PlatformSpec can say of Kubernetes; a step on Vertex AI has no pod of its own, so none of it.

`docs/vertex.md` holds the same list as a table; tests hold the two together, and the list against KFP's descriptors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generators.engines.engine import Unsupported
from generators.ir.view.pod import Pod
from generators.ir.view.tree import Tree

_SECRETS = "let the service account of the job read what it needs, or read Secret Manager in the step"
_FILES = "hand files on as artifacts: they are mounted from the bucket"
_MACHINE = "ask for resources and an accelerator: Vertex AI finds the machine"
_REMOVE = "remove it"


class Setting(NamedTuple):
    """What a field asks for, and what to do on Vertex AI instead."""

    what: str
    instead: str


# fields of KubernetesExecutorConfig
OF_POD = {
    "secretAsEnv": Setting("a variable from a Secret", _SECRETS),
    "secretAsVolume": Setting("files from a Secret", _SECRETS),
    "configMapAsEnv": Setting("a variable from a ConfigMap", "write the value as a variable, env"),
    "configMapAsVolume": Setting("files from a ConfigMap", "put them into the image, or into the bucket"),
    "fieldPathAsEnv": Setting("a variable from a field of the pod", "use a placeholder of the job, such as its name"),
    "pvcMount": Setting("a PersistentVolumeClaim", _FILES),
    "genericEphemeralVolume": Setting("an ephemeral volume", "write to /tmp, on the machine's own disk"),
    "emptyDirMounts": Setting("an empty folder", "write to /tmp, on the machine's own disk"),
    "enabledSharedMemory": Setting("shared memory", _REMOVE),
    "nodeSelector": Setting("a node selector", _MACHINE),
    "tolerations": Setting("tolerations", _MACHINE),
    "nodeAffinity": Setting("node affinity", _MACHINE),
    "podAffinity": Setting("pod affinity", _MACHINE),
    "podMetadata": Setting("labels or annotations of a pod", "filter by the labels of the job, which graft sets"),
    "imagePullPolicy": Setting("a pull policy", "remove it: images are named by digest"),
    "imagePullSecret": Setting("a pull secret", "let the service agent of Vertex AI read the registry"),
    "securityContext": Setting("a security context", "name the user in the image"),
    "activeDeadlineSeconds": Setting("a timeout", "remove it, and end the work in the step itself"),
}
# fields of PipelineConfig
OF_PIPELINE = {
    "activeDeadlineSeconds": Setting("a deadline of the pipeline", _REMOVE),
    "resourceTtlOnCompletion": Setting("a time to live", "delete jobs by the API"),
    "resourceTtlOnSuccess": Setting("a time to live", "delete jobs by the API"),
    "resourceTtlOnFailure": Setting("a time to live", "delete jobs by the API"),
    "workspace": Setting("a workspace", _FILES),
}


def message(field: str) -> str:
    """Why a field of a pod is refused."""
    return f"Vertex AI runs a step outside Kubernetes, without {OF_POD[field].what}"


def of_pod(path: str, pod: Pod) -> Iterator[Unsupported]:
    """Everything that the PlatformSpec says of a step's pod."""
    for field in sorted(pod.tree):
        for found, setting in _said(field, pod):
            fix = OF_POD[field].instead
            yield Unsupported("platform", path, message(field), found, fix=fix, setting=setting, field=(field,))


def of_platform(platform: Tree) -> Iterator[Unsupported]:
    """Everything that a PlatformSpec says of the pipeline as a whole, or for other platforms than Kubernetes."""
    for name, spoken in sorted(platform.get("platforms", {}).items()):
        for field in sorted(spoken.get("pipelineConfig", {})):
            said = f"Vertex AI runs a pipeline outside Kubernetes, without {OF_PIPELINE[field].what}"
            where = ("platforms", name, "pipelineConfig", field)
            yield Unsupported("platform", "", said, field, fix=OF_PIPELINE[field].instead, field=where)
        if name != "kubernetes" or spoken.get("config"):
            said = f"its PlatformSpec is for {name}, and Vertex AI reads none"
            yield Unsupported("platform", "", said, fix=_REMOVE, field=("platforms", name))


def _said(field: str, pod: Pod) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a field holds, and where an inventory says it below the step."""
    match field:
        case "secretAsEnv":
            names = [pair["envVar"] for entry in pod.tree[field] for pair in entry.get("keyToEnv", ())]
            yield from ((name, ("secrets", name)) for name in sorted(names))
        case "podMetadata":
            yield from ((key, ("labels", key)) for key in sorted(pod.labels))
            yield from ((key, ()) for key in sorted(pod.annotations))
        case "activeDeadlineSeconds":
            yield f"{pod.deadline}s", ("timeout",)
        case "imagePullPolicy":
            yield pod.pull_policy, ("pull_policy",)
        case "nodeSelector" | "tolerations":
            yield field, ("accelerator",)
        case _:
            yield field, ()
