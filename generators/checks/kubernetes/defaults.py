"""An object of Kubernetes' own kinds as its API server has filled it in before any policy sees it.

Source: SetDefaults_* of pkg/apis/{core,apps,batch}/v1/defaults.go of https://github.com/kubernetes/kubernetes (v1.36),
and the fields that its Go types always write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Object = dict[str, Any]

_POD_SPEC = {
    "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "securityContext": {}, "terminationGracePeriodSeconds": 30,
    "schedulerName": "default-scheduler",
}  # fmt: skip
_CONTAINER = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": {}}
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_HTTP = {"path": "/", "scheme": "HTTP"}
_MODE = {"defaultMode": 0o644}
_ROLLING = {"maxUnavailable": "25%", "maxSurge": "25%"}
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_LATEST = re.compile(r"(?:^|/)[^/:@]+(?::latest)?$")  # a reference with no tag, or with that one, and no digest


def defaulted(obj: Object) -> Object:
    """A copy of an object with the defaults of its kind; one of another kind, or of a wrong shape, as it is."""
    make = _KINDS.get((str(obj.get("apiVersion", "")), str(obj.get("kind", ""))))
    try:
        return make(obj) if make and obj.get("spec") else obj
    except (AttributeError, LookupError, TypeError, ValueError):
        return obj  # its schema says what is wrong


def _filled(given: Mapping[str, Any] | None, defaults: Mapping[str, Any]) -> Object:
    """A mapping with defaults for what it has not, or has as null or as an empty text."""
    found = {key: value for key, value in (given or {}).items() if key not in defaults or value not in (None, "")}
    return {**found, **{key: value for key, value in defaults.items() if key not in found}}


def _with(given: Object, **changes: Callable[[Any], Any]) -> Object:
    """A mapping with those of its values changed that it has."""
    return {key: changes[key](value) if key in changes and value else value for key, value in given.items()}


def _each(change: Callable[[Any], Any]) -> Callable[[Iterable[Any]], list[Any]]:
    return lambda items: [change(item) for item in items]


def _image(container: Object) -> Object:
    """When an image is pulled: always, where its name may stand for another one tomorrow."""
    return {"imagePullPolicy": "Always" if _LATEST.search(container.get("image") or "") else "IfNotPresent"}


def _container(container: Object) -> Object:
    found = _filled(container, {**_CONTAINER, **_image(container)})
    changes = {
        "resources": _resources,
        "ports": _each(lambda port: _filled(port, {"protocol": "TCP"})),
        "env": _each(lambda one: _with(one, valueFrom=_source)),
        "lifecycle": lambda hooks: _with(hooks, postStart=_handler, preStop=_handler),
        **dict.fromkeys(_PROBES, lambda probe: _handler(_filled_numbers(probe, _PROBE))),
    }
    return _with(found, **changes)


def _filled_numbers(given: Object, defaults: Mapping[str, int]) -> Object:
    """The same for numbers, of which 0 is none."""
    return _filled({key: value for key, value in given.items() if key not in defaults or value}, defaults)


def _resources(resources: Object) -> Object:
    """Amounts as text, which a whole number becomes."""
    return _with(resources, limits=_texts, requests=_texts)


def _texts(amounts: Object) -> Object:
    return {key: str(value) if type(value) is int else value for key, value in amounts.items()}


def _source(source: Object) -> Object:
    return _with(source, fieldRef=_field, resourceFieldRef=lambda field: _filled(field, {"divisor": "0"}))


def _field(reference: Object) -> Object:
    return _filled(reference, {"apiVersion": "v1"})


def _handler(handler: Object) -> Object:
    return _with(handler, httpGet=lambda get: _filled(get, _HTTP))


def _volume(volume: Object) -> Object:
    if all(value is None for key, value in volume.items() if key != "name"):
        return {**volume, "emptyDir": {}}
    return _with(
        volume, secret=_mode, configMap=_mode, downwardAPI=lambda source: _mode(_fields(source)), projected=_projected,
        ephemeral=lambda source: _with(source, volumeClaimTemplate=lambda template: _with(template, spec=_claim_spec)),
    )  # fmt: skip


def _mode(source: Object) -> Object:
    return _filled(source, _MODE)


def _fields(source: Object) -> Object:
    return _with(source, items=_each(_source))


def _projected(source: Object) -> Object:
    return _with(
        _mode(source),
        sources=_each(lambda one: _with(one, serviceAccountToken=_token, downwardAPI=_fields)),
    )


def _token(source: Object) -> Object:
    return _filled(source, {"expirationSeconds": 3600})


def _claim_spec(spec: Object) -> Object:
    return _with(_filled(spec, {"volumeMode": "Filesystem"}), resources=_resources)


def _pod_spec(spec: Object) -> Object:
    return _with(_filled(spec, _POD_SPEC), volumes=_each(_volume), **dict.fromkeys(_CONTAINERS, _each(_container)))


def _template(template: Object) -> Object:
    return _with(template, spec=_pod_spec)


def _pod(pod: Object) -> Object:
    spec = _filled(_pod_spec(pod["spec"]), {"enableServiceLinks": True})
    bounded = _each(_requested)
    return {**pod, "spec": _with(spec, containers=bounded, initContainers=bounded)}


def _requested(container: Object) -> Object:
    """A container of a Pod asks for what it is limited to, where it says nothing else."""
    resources = container["resources"]
    if not resources.get("limits"):
        return container
    requests = {**resources["limits"], **(resources.get("requests") or {})}
    return {**container, "resources": {**resources, "requests": requests}}


def _job_spec(spec: Object) -> Object:
    count = {"parallelism": 1}
    if spec.get("completions") is None and spec.get("parallelism") is None:
        count["completions"] = 1
    policy = {
        "backoffLimit": 6 if spec.get("backoffLimitPerIndex") is None else 2**31 - 1,
        "completionMode": "NonIndexed", "suspend": False, "manualSelector": False,
        "podReplacementPolicy": "Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed",
    }  # fmt: skip
    return _with(_filled(spec, {**count, **policy}), template=_template)


def _job(job: Object) -> Object:
    spec, metadata = _job_spec(job["spec"]), job.get("metadata") or {}
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if labels and not metadata.get("labels"):
        metadata = {**metadata, "labels": labels}
    return {**job, "metadata": metadata, "spec": spec}


def _cron_job(cron_job: Object) -> Object:
    defaults = {
        "concurrencyPolicy": "Allow", "suspend": False, "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1,
    }  # fmt: skip
    return {**cron_job, "spec": _with(_filled(cron_job["spec"], defaults), jobTemplate=_job_template)}


def _job_template(template: Object) -> Object:
    """A Job that is no object of its own yet: only the pods in it are filled in."""
    return _with(template, spec=lambda spec: _with(spec, template=_template))


def _deployment(deployment: Object) -> Object:
    defaults = {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600, "strategy": {}}
    spec = _with(_filled(deployment["spec"], defaults), template=_template)
    strategy = _filled(spec["strategy"], {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = _filled(strategy.get("rollingUpdate"), _ROLLING)
    return {**deployment, "spec": {**spec, "strategy": strategy}}


def _claim(claim: Object) -> Object:
    return {**claim, "spec": _claim_spec(claim["spec"])}


_KINDS: Mapping[tuple[str, str], Callable[[Object], Object]] = {
    ("v1", "Pod"): _pod,
    ("v1", "PersistentVolumeClaim"): _claim,
    ("apps/v1", "Deployment"): _deployment,
    ("batch/v1", "Job"): _job,
    ("batch/v1", "CronJob"): _cron_job,
}
