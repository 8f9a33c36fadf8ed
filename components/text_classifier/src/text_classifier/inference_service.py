"""The InferenceService that the environment declares: a run gives it the version that it serves, and waits for it.

All else of it is in Git, and applied by Argo CD, which leaves this one field to runs.
https://kserve.github.io/website/docs/reference/crd-api#inferenceservice
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError

from text_classifier.objects import condition

if TYPE_CHECKING:
    from collections.abc import Callable

    from text_classifier.objects import Kind

API_VERSION, PLURAL = "serving.kserve.io/v1beta1", "inferenceservices"
PINNED = "graft.dev/pinned-version"  # an annotation: the version that the environment serves, whatever runs bring
FINAL = ("LatestDeploymentReady", "PredictorReady", "IngressReady")  # what keeps it from being ready, in this order


@dataclass(frozen=True)
class Served:
    """Where the service answers inside the cluster, and the percentage of requests that this run's version gets."""

    url: str
    share: int


def deploy(
    services: Kind, name: str, uri: str, version: str, longest: float, say: Callable[[str], None], pause: float = 5.0
) -> Served:
    """Have the service `name` serve the model at `uri` (s3://..., gs://...), and wait until it does.

    A service that is pinned to another version goes on serving that.
    """
    known = services.get(name)
    if known is None:
        raise StepError(
            f"there is no InferenceService {name} in {services.namespace}: the environment declares it as "
            f"pipelines.{name}.serve, and Argo CD applies it"
        )
    pinned = known["metadata"].get("annotations", {}).get(PINNED, "")
    if pinned and pinned != version:
        say(
            f"InferenceService {name} is pinned to version {pinned}, and goes on serving that: version {version} is "
            f"registered; take serve.pinned out of the environment, or write version: {version} there, to serve it"
        )
        return Served(_address(name, known.get("status", {})), 0)
    if not pinned:
        known = services.patch(name, {"spec": {"predictor": {"model": {"storageUri": uri}}}})
        say(f"InferenceService {name} in {services.namespace} is to serve version {version}, {uri}")
    url = _wait(services, name, known["metadata"].get("generation", 1), longest, pause)
    return Served(url, known["spec"]["predictor"].get("canaryTrafficPercent", 100))


def _wait(services: Kind, name: str, generation: int, longest: float, pause: float) -> str:
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
        raise StepError(f"InferenceService {name} says no address: is it ready?")
    return url.partition("/v1/models/")[0].rstrip("/")


def _why(found: dict[str, Any]) -> str:
    unmet = [met for kind in FINAL if (met := condition(found, kind)) and met["status"] != "True"]
    return "; ".join(f"{met['type']}: {met.get('reason', '')} {met.get('message', '')}".strip() for met in unmet)
