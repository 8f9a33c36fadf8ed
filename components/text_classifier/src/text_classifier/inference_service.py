"""The InferenceService of the accepted model: made or updated under its stable name, and waited for until it is ready.

https://kserve.github.io/website/docs/reference/crd-api#inferenceservice
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError

from text_classifier.objects import condition

if TYPE_CHECKING:
    from collections.abc import Callable

    from text_classifier.objects import Kind

API_VERSION, KIND, PLURAL = "serving.kserve.io/v1beta1", "InferenceService", "inferenceservices"
MODEL_FOLDER = "/mnt/models"  # where KServe puts what storageUri names
VERSION = "model-version"  # an annotation
FINAL = ("LatestDeploymentReady", "PredictorReady", "IngressReady")  # what keeps it from being ready, in this order


def manifest(document: Any, uri: str, version: str) -> dict[str, Any]:
    """What is sent: the document with the model at `uri` (s3://..., gs://...), and the command that serves it."""
    if not isinstance(document, dict) or (document.get("apiVersion"), document.get("kind")) != (API_VERSION, KIND):
        raise StepError(f"service: the document is no {KIND} of {API_VERSION}")
    made = json.loads(json.dumps(document))
    name, model = made["metadata"]["name"], made["spec"]["predictor"]["model"]
    if "@sha256:" not in model.get("image", ""):
        raise StepError(f"service: the image is not named by digest: {model.get('image')!r}")
    made["metadata"].setdefault("annotations", {})[VERSION] = version
    model["storageUri"] = uri
    model["command"] = ["python", "-m", "graft_steps.serving"]
    model["args"] = [f"--model_name={name}", f"--model_uri={MODEL_FOLDER}", "--http_port=8080"]
    return made


def deploy(
    services: Kind, document: dict[str, Any], longest: float, say: Callable[[str], None], pause: float = 5.0
) -> str:
    """Make or update the service, wait until what was sent is ready, and return the address inside the cluster."""
    name = document["metadata"]["name"]
    known = services.get(name)
    if known:
        document["metadata"]["resourceVersion"] = known["metadata"]["resourceVersion"]
        sent = services.replace(name, document)
    else:
        sent = services.create(document)
    say(f"InferenceService {name} in {services.namespace}: {'updated' if known else 'made'}")
    return _wait(services, name, sent["metadata"].get("generation", 1), longest, say, pause)


def _wait(services: Kind, name: str, generation: int, longest: float, say: Callable[[str], None], pause: float) -> str:
    until, why = time.monotonic() + longest, "KServe has not looked at it: is its controller running?"
    while time.monotonic() < until:
        found = services.get(name)
        if found is None:
            raise StepError(f"InferenceService {name} was deleted before it was ready")
        status = found.get("status", {})
        if status.get("observedGeneration", 0) >= generation:
            ready = condition(found, "Ready")
            if ready and ready["status"] == "True":
                return _address(name, status)
            if failure := status.get("modelStatus", {}).get("lastFailureInfo"):
                raise StepError(f"InferenceService {name}: {failure.get('reason')}: {failure.get('message')}")
            why = _why(found) or why
        time.sleep(pause)
    raise StepError(f"InferenceService {name} was not ready after {longest:g} s: {why}")


def _address(name: str, status: dict[str, Any]) -> str:
    if not (url := status.get("address", {}).get("url") or status.get("url")):
        raise StepError(f"InferenceService {name} is ready and says no address")
    return url.partition("/v1/models/")[0].rstrip("/")


def _why(found: dict[str, Any]) -> str:
    unmet = [met for kind in FINAL if (met := condition(found, kind)) and met["status"] != "True"]
    return "; ".join(f"{met['type']}: {met.get('reason', '')} {met.get('message', '')}".strip() for met in unmet)
