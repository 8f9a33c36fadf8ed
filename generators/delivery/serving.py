"""The InferenceService of a pipeline that serves its model: Argo CD's, but for the version, which a run brings.

`spec.predictor.model.storageUri` is the version. A run that accepts a model writes that field and no other, and Argo CD
is told to leave it alone, so a resync, a self-heal or a change of anything else keep the version that is served. Where
the environment pins its version, the field is Argo CD's, and runs leave it alone. That it is pinned is said apart from
which version is, or taking out the pin would take out the version: Argo CD may apply that before it is to ignore it.
https://kserve.github.io/website/docs/reference/crd-api#inferenceservice
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generators.delivery.objects import made
from generators.delivery.runs import LAST
from generators.engines.engine import Files, Object, Target
from generators.engines.registry import engine
from generators.ir.overlay import image_reference
from generators.model import Environment, Serve

GROUP, KIND, PLURAL = "serving.kserve.io", "InferenceService", "inferenceservices"
API_VERSION = f"{GROUP}/v1beta1"
FILE = "inferenceservice.yaml"
ACCOUNT = "graft-serving"  # the service account that models are served as
STORAGE = "graft-serving-storage"  # the Secret by which KServe reads the storage
COMPONENT = {"app.kubernetes.io/component": "serving"}  # of its pods too, by which they are told from those of steps
PINNED = "graft.dev/pinned-version"  # an annotation, which runs read
_VERSION_FIELD = "/spec/predictor/model/storageUri"
_MODEL_FOLDER = "/mnt/models"  # where KServe puts what storageUri names
_PORT = 8080
# Where Argo CD orphans what schedules have started it would do so with what KServe has made of this too, and pods that
# nobody owns would go on serving.
_STAYS = {"argocd.argoproj.io/sync-options": "Prune=false"}


def render(target: Target) -> Files:
    """The file beside a pipeline's manifests, none where it serves nothing or there is no Kubernetes."""
    serve = target.pipeline.serve
    if serve is None or not engine(target.cluster.engine).on_kubernetes:
        return {}
    environment, name = target.environment, target.pipeline.name
    annotations = {PINNED: str(serve.version)} if serve.pinned else {}
    annotations |= _STAYS if engine(target.cluster.engine).schedule else {}
    body = {"spec": {"predictor": _predictor(target, serve)}}
    metadata: dict[str, Any] = {"labels": COMPONENT, "annotations": annotations | LAST}
    return {FILE: [made(API_VERSION, KIND, name, environment.namespace, body, **metadata)]}


def ignored(name: str) -> list[Object]:
    """What an Application leaves to runs: the version that is served of the model `name`."""
    return [{"group": GROUP, "kind": KIND, "name": name, "jsonPointers": [_VERSION_FIELD]}]


def account(environment: Environment) -> list[Object]:
    """The account of the pods that serve. KServe takes the keys of the storage from a Secret that it names."""
    body: dict[str, Any] = {"automountServiceAccountToken": False}
    if environment.storage.credentials:
        body["secrets"] = [{"name": STORAGE}]
    if environment.pull_secrets:
        body["imagePullSecrets"] = [{"name": each} for each in environment.pull_secrets]
    return [made("v1", "ServiceAccount", ACCOUNT, environment.namespace, body)]


def steps_rule(names: Iterable[str]) -> Object:
    """What a step may do that serves a model: look at these services, and change them."""
    return {"apiGroups": [GROUP], "resources": [PLURAL], "resourceNames": sorted(names), "verbs": ["get", "patch"]}


def _predictor(target: Target, serve: Serve) -> dict[str, Any]:
    environment = target.environment
    found = {
        "canaryTrafficPercent": serve.canary,
        "minReplicas": serve.min_replicas,
        "maxReplicas": serve.max_replicas,
        "serviceAccountName": ACCOUNT,
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "imagePullSecrets": [{"name": name} for name in environment.pull_secrets] or None,
        "nodeSelector": environment.node_selector or None,
        "model": _model(target, serve),
    }
    return {key: value for key, value in found.items() if value is not None}


def _model(target: Target, serve: Serve) -> dict[str, Any]:
    """The server of the component's image, on the files of the model that KServe fetches."""
    environment, name = target.environment, target.pipeline.name
    asked = {"requests": serve.resources | serve.requests, "limits": serve.resources}
    found = {
        "modelFormat": {"name": "mlflow"},
        "protocolVersion": "v2",
        "image": image_reference(serve.component, target.definition, environment),
        "command": ["python", "-m", "graft_steps.serving"],
        "args": [f"--model_name={name}", f"--model_uri={_MODEL_FOLDER}", f"--http_port={_PORT}"],
        "env": [{"name": key, "value": value} for key, value in sorted(environment.env.items())],
        "resources": {key: value for key, value in asked.items() if value},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        # where components/shared keeps the versions of a model that a pipeline has registered
        "storageUri": f"{environment.storage.uri.rstrip('/')}/models/{name}/{serve.version}" if serve.version else "",
    }
    return {key: value for key, value in found.items() if value}
