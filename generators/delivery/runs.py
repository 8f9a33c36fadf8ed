"""What makes a pipeline run on a cluster: which version is current, its schedule, and a run of a content that is new.

`intent.yaml`    a ConfigMap: the version that Git says is current, for whoever starts, shows or cleans up
`schedule.yaml`  the engine's own object where it has one, else a CronJob that starts a run of the version by its name
`run.yaml`       a Job that starts one run of the version and follows it; its name is that of the content, and the run's
                 too, so that a second Job, a restart or a repeated merge finds the run, or the record of it

All name a version by its hash: what follows the newest would survive a revert.

They are in the last sync wave, after the version that they name, and all in the same: Argo CD waits for the health of
every wave but the last, and a run takes hours, while a schedule whose last run failed counts as degraded.
"""

from __future__ import annotations

from typing import Any

from generators.delivery import operations
from generators.delivery.objects import RECORD_LABEL, made
from generators.engines.engine import Document, Files, Object, Target, kept
from generators.engines.names import short, short_hash
from generators.engines.registry import engine
from generators.model import Schedule
from generators.quantities import seconds

DEPLOYER = "graft-deployer"  # the service account that Argo CD applies pipelines as
KINDS = [("", "ConfigMap"), ("batch", "CronJob"), ("batch", "Job")]
INTENT, SCHEDULE, RUN = "intent.yaml", "schedule.yaml", "run.yaml"
LONGEST_CRON_JOB = 52  # Kubernetes adds the time to it
_LONGEST_JOB = 63
_LONGEST_RUN = "7d"  # that is waited for where the pipeline does not say how long it may take
_TO_START = 3600  # seconds that may pass until the run begins
WAVE = "argocd.argoproj.io/sync-wave"
LAST = {WAVE: "2"}
_CONCURRENCY = {"allow": "Allow", "forbid": "Forbid", "replace": "Replace"}


def render(target: Target, rendered: Files, spec: Document, image: str) -> Files:
    """The files beside a pipeline's manifests; `image` is that of `operations`.

    `rendered` are the manifests, and `spec` is the pipeline as its engine has rendered it.
    """
    runs, pipeline = engine(target.cluster.engine), target.pipeline
    if not (runs.version and rendered):
        return {}
    found = ((file, obj) for file, objects in rendered.items() for obj in objects)
    [(file, version)] = (each for each in found if each[1]["kind"] == runs.version)
    files = {}
    if pipeline.schedule:
        if runs.schedule:
            scheduled = runs.schedule(version, spec, pipeline.schedule, target.cluster)
        else:
            scheduled = _cron_job(target, version, pipeline.schedule, image)
        files[SCHEDULE] = [_placed(scheduled)]
    if pipeline.run_on_merge:
        files[RUN] = [_job(target, version, image)]
    job = next((job["metadata"]["name"] for job in files.get(RUN, [])), "")
    return {INTENT: [_intent(target, version, file, job)], **files}


def _intent(target: Target, version: Object, file: str, job: str) -> Object:
    """What Git says; `file` is the manifest's, below the folder of the cluster, `job` that of its run on merge."""
    name, namespace = target.pipeline.name, target.environment.namespace
    data = {"version": version["metadata"]["name"], "definition": target.definition.hash, "file": f"{name}/{file}"}
    data |= {"job": job} if job else {}
    labels = {RECORD_LABEL: "intent"}
    return _placed(made("v1", "ConfigMap", name, namespace, {"data": data}, labels=labels))


def _cron_job(target: Target, version: Object, schedule: Schedule, image: str) -> Object:
    """A CronJob whose pods start a run each, named by their Job: one that is started again starts no other run."""
    pipeline, name = target.pipeline.name, version["metadata"]["name"]
    job_name = {"fieldRef": {"fieldPath": "metadata.labels['batch.kubernetes.io/job-name']"}}
    waits = ["--wait"] if schedule.concurrency != "allow" else []  # or the next would not see that it is running
    arguments = ["start", f"--pipeline={pipeline}", f"--version={name}", "--run=$(JOB_NAME)", *waits]
    env = [{"name": "JOB_NAME", "valueFrom": job_name}]
    pod = operations.pod(target.environment, target.cluster, image, arguments, pipeline, env)
    spec = {
        "schedule": schedule.cron[0],
        "timeZone": schedule.timezone or "UTC",
        "concurrencyPolicy": _CONCURRENCY[schedule.concurrency],
        "suspend": schedule.suspended,
        "startingDeadlineSeconds": schedule.starting_deadline or None,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
        "jobTemplate": {"spec": _followed(target, pod, 3)},
    }
    body = {"spec": {key: value for key, value in spec.items() if value is not None}}
    return made("batch/v1", "CronJob", short(pipeline, LONGEST_CRON_JOB), target.environment.namespace, body)


def _job(target: Target, version: Object, image: str) -> Object:
    """A Job for one content: its template cannot change, so its name holds the hash of that too.

    One that Git no longer has goes on following its run; `operations` removes it when that is over.
    """
    pipeline, name = target.pipeline.name, version["metadata"]["name"]
    arguments = ["start", f"--pipeline={pipeline}", f"--version={name}", f"--run={short(name)}", "--wait"]
    pod = operations.pod(target.environment, target.cluster, image, arguments, pipeline)
    body: dict[str, Any] = {"spec": _followed(target, pod, 6)}
    unlike = short_hash(repr([name, body]))
    called = f"{short(f'run-{pipeline}', _LONGEST_JOB - 9)}-{unlike}"
    labels = {RECORD_LABEL: "merge"}
    job = made("batch/v1", "Job", called, target.environment.namespace, body, labels=labels)
    return _placed(kept(job))


def _followed(target: Target, pod: dict[str, Any], attempts: int) -> dict[str, Any]:
    """A Job's spec: over as soon as its run is, and tried again after what says nothing of the run.

    Otherwise a run that has failed would fail its Job after the last attempt, ten minutes later, and a pod that was
    moved away from its node would count as one. One whose pod cannot start ends too, some time after its run would have
    had to, or it would hold up a schedule for ever.
    """
    lost = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
    failed = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [operations.RUN_FAILED]}}
    longest = seconds(target.pipeline.timeout or _LONGEST_RUN) + _TO_START
    return {
        "activeDeadlineSeconds": longest,
        "backoffLimit": attempts,
        "podFailurePolicy": {"rules": [lost, failed]},
        "template": pod,
    }


def _placed(obj: Object) -> Object:
    """The object in the last sync wave."""
    metadata = obj["metadata"]
    said = {**metadata.get("annotations", {}), **LAST}
    return {**obj, "metadata": {**metadata, "annotations": said}}
