"""The TFJob of a distributed training, of the document that the environment gives: what is missing there is filled in.

https://www.kubeflow.org/docs/components/trainer/legacy-v1/user-guides/tensorflow/
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError, integer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_VERSION, KIND = "kubeflow.org/v1", "TFJob"
PLURAL = "tfjobs"
KINDS = ("Chief", "Worker", "PS", "Evaluator")  # Chief is the master
CONTAINER = "tensorflow"  # the operator writes TF_CONFIG into the container of this name
VOLUME = "work"


@dataclass(frozen=True)
class Work:
    """The claim that all pods share, where it is mounted, and the folder below it that this training has."""

    claim: str
    mount: str
    folder: str


def replicas(document: Any) -> dict[str, int]:
    """How many processes of each kind the document asks for; StepError where they could not train."""
    if not isinstance(document, dict) or (document.get("apiVersion"), document.get("kind")) != (API_VERSION, KIND):
        raise StepError(f"tfjob: the document is no {KIND} of {API_VERSION}")
    specs = document.get("spec", {}).get("tfReplicaSpecs", {})
    if unknown := [kind for kind in specs if kind not in KINDS]:
        raise StepError(f"tfjob: {unknown[0]!r} is no kind of replica. Allowed: {', '.join(KINDS)}")
    counts = {
        kind: integer(f"tfjob: replicas of {kind}", specs[kind].get("replicas", 1), 0, 64)
        for kind in KINDS
        if kind in specs
    }
    if counts.get("Chief") != 1:
        raise StepError("tfjob: there must be one Chief, the master, which writes the model")
    return counts


def deadline(document: dict[str, Any]) -> float:
    """The seconds after which the job is over."""
    seconds = document["spec"].get("runPolicy", {}).get("activeDeadlineSeconds")
    return float(integer("tfjob: runPolicy.activeDeadlineSeconds", seconds, 1))


def manifest(document: dict[str, Any], work: Work, secrets: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is sent: the document with a name, and in each pod the command, the shared folder and the secrets.

    `secrets` maps a variable to {"secret": name, "key": key}. Kinds without a replica are left out.
    """
    counts, made = replicas(document), json.loads(json.dumps(document))
    made["metadata"]["generateName"] = f"{made['metadata'].pop('name', 'text-classifier').rstrip('-')}-"
    specs = made["spec"]["tfReplicaSpecs"]
    made["spec"]["tfReplicaSpecs"] = {kind: specs[kind] for kind, count in counts.items() if count}
    for kind, pod in _pods(made):
        container = _container(kind, pod)
        container["command"] = ["python", "-m", "text_classifier.worker", work.folder]
        known = {item["name"] for item in container.get("env", [])}
        added = [_variable(name, where) for name, where in sorted(secrets.items()) if name not in known]
        container["env"] = [*container.get("env", []), *added]
        container.setdefault("volumeMounts", []).append({"name": VOLUME, "mountPath": work.mount})
        pod.setdefault("volumes", []).append({"name": VOLUME, "persistentVolumeClaim": {"claimName": work.claim}})
    return made


def _pods(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, spec in made["spec"]["tfReplicaSpecs"].items():
        yield kind, spec["template"]["spec"]


def _container(kind: str, pod: dict[str, Any]) -> dict[str, Any]:
    found = [each for each in pod["containers"] if each["name"] == CONTAINER]
    if len(found) != 1:
        raise StepError(f"tfjob: {kind} must have one container called {CONTAINER}")
    if "@sha256:" not in found[0].get("image", ""):
        raise StepError(f"tfjob: the image of {kind} is not named by digest: {found[0].get('image')!r}")
    return found[0]


def _variable(name: str, where: Mapping[str, str]) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": where["secret"], "key": where["key"]}}}
