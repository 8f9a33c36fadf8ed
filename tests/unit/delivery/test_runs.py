"""What makes a pipeline run names one version, and is named so that the same content never runs twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generators.delivery import runs
from generators.engines.engine import Target

IMAGE = "registry.test/operations@sha256:" + "1" * 64


def version(kind: str, name: str) -> dict[str, list[dict[str, Any]]]:
    file = {"PipelineVersion": "pipelineversion.yaml", "WorkflowTemplate": "workflowtemplate.yaml"}[kind]
    metadata = {"name": name, "namespace": "ml-prod", "labels": {}, "annotations": {runs.WAVE: "0"}}
    return {file: [{"apiVersion": "v", "kind": kind, "metadata": metadata, "spec": {}}]}


def rendered(target: Target, name: str = "greet-0123456789", image: str = IMAGE) -> dict[str, list[dict[str, Any]]]:
    kind = "PipelineVersion" if target.cluster.engine == "kubeflow" else "WorkflowTemplate"
    return runs.render(target, version(kind, name), target.definition.spec, image)


def arguments(pod_template: dict[str, Any]) -> list[str]:
    return pod_template["spec"]["containers"][0]["args"]


def test_kubeflow_is_scheduled_by_a_cron_job_that_starts_the_version_by_its_name(on_kubeflow: Target) -> None:
    [cron_job] = rendered(on_kubeflow)["schedule.yaml"]

    assert (cron_job["kind"], cron_job["metadata"]["name"]) == ("CronJob", "greet")
    assert (cron_job["spec"]["schedule"], cron_job["spec"]["timeZone"]) == ("30 3 * * *", "Europe/Berlin")
    assert cron_job["spec"]["concurrencyPolicy"] == "Forbid"
    asked = arguments(cron_job["spec"]["jobTemplate"]["spec"]["template"])
    assert {"start", "--version=greet-0123456789", "--run=$(JOB_NAME)", "--engine=kubeflow"} <= set(asked)


def test_argo_is_scheduled_by_its_own_object_with_the_same_times(on_argo: Target) -> None:
    [cron_workflow] = rendered(on_argo)["schedule.yaml"]

    spec = cron_workflow["spec"]
    assert (cron_workflow["kind"], spec["schedules"], spec["timezone"]) == (
        "CronWorkflow",
        ["30 3 * * *"],
        "Europe/Berlin",
    )
    assert spec["workflowSpec"]["workflowTemplateRef"]["name"] == "greet-0123456789"


def test_a_schedule_goes_where_git_has_it_no_longer(on_argo: Target, on_kubeflow: Target) -> None:
    for target in (on_argo, on_kubeflow):
        [scheduled] = rendered(target)["schedule.yaml"]
        assert "argocd.argoproj.io/sync-options" not in scheduled["metadata"]["annotations"]


def test_a_schedule_keeps_its_name_from_version_to_version(on_argo: Target, on_kubeflow: Target) -> None:
    for target in (on_argo, on_kubeflow):
        names = {rendered(target, name)["schedule.yaml"][0]["metadata"]["name"] for name in ("greet-1", "greet-2")}
        assert names == {"greet"}


def test_a_run_is_named_by_the_content_and_by_nothing_else(on_argo: Target) -> None:
    first, again = (rendered(on_argo)["run.yaml"][0] for _ in range(2))
    other = rendered(on_argo, "greet-9876543210")["run.yaml"][0]
    newer_tool = rendered(on_argo, image=IMAGE.replace("1", "2"))["run.yaml"][0]

    assert first == again
    asked = [arguments(job["spec"]["template"]) for job in (first, other, newer_tool)]
    runs_asked = [next(word for word in each if word.startswith("--run=")) for each in asked]
    assert runs_asked == ["--run=greet-0123456789", "--run=greet-9876543210", "--run=greet-0123456789"]
    # a Job's template cannot change, so another image is another Job, for the same run
    assert len({job["metadata"]["name"] for job in (first, other, newer_tool)}) == 3


def test_what_names_a_version_comes_after_it_and_nothing_waits_for_a_run(on_argo: Target, on_kubeflow: Target) -> None:
    for target in (on_argo, on_kubeflow):
        files = rendered(target)
        waves = {file: int(files[file][0]["metadata"]["annotations"][runs.WAVE]) for file in files}
        # of one wave: Argo CD waits for the health of what is in any but the last, and a run takes hours
        assert waves == {"intent.yaml": 2, "schedule.yaml": 2, "run.yaml": 2}


def test_a_job_of_an_older_content_is_left_to_follow_its_run(on_argo: Target) -> None:
    [job] = rendered(on_argo)["run.yaml"]

    assert job["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"
    assert job["metadata"]["annotations"]["argocd.argoproj.io/compare-options"] == "IgnoreExtraneous"


def test_a_job_fails_with_its_run_and_is_tried_again_for_anything_else(on_argo: Target, on_kubeflow: Target) -> None:
    [job], [cron_job] = rendered(on_argo)["run.yaml"], rendered(on_kubeflow)["schedule.yaml"]

    for spec, attempts in ((job["spec"], 6), (cron_job["spec"]["jobTemplate"]["spec"], 3)):
        moved, failed = spec["podFailurePolicy"]["rules"]
        [condition] = moved["onPodConditions"]
        assert (moved["action"], condition["type"], condition["status"]) == ("Ignore", "DisruptionTarget", "True")
        assert (failed["action"], failed["onExitCodes"]["values"], spec["backoffLimit"]) == ("FailJob", [1], attempts)


def test_the_intent_says_which_version_is_current_and_where_it_stands(on_argo: Target) -> None:
    files = rendered(on_argo)
    [intent], [job] = files["intent.yaml"], files["run.yaml"]

    assert intent["metadata"]["name"] == "greet"
    assert intent["data"] == {
        "version": "greet-0123456789",
        "definition": on_argo.definition.hash,
        "file": "greet/workflowtemplate.yaml",
        "job": job["metadata"]["name"],
    }


def test_a_job_whose_pod_cannot_start_ends_in_time(on_argo: Target, on_kubeflow: Target) -> None:
    short = replace(on_argo, pipeline=replace(on_argo.pipeline, timeout="2h"))

    assert rendered(short)["run.yaml"][0]["spec"]["activeDeadlineSeconds"] == 3 * 3600
    cron_job = rendered(on_kubeflow)["schedule.yaml"][0]["spec"]["jobTemplate"]["spec"]
    assert cron_job["activeDeadlineSeconds"] == 7 * 86400 + 3600


def test_pods_of_operations_get_no_sidecar(on_kubeflow: Target) -> None:
    [job] = rendered(on_kubeflow)["run.yaml"]

    assert job["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] == "false"


def test_nothing_runs_where_nothing_asks_for_it(on_argo: Target) -> None:
    quiet = replace(on_argo, pipeline=replace(on_argo.pipeline, schedule=None, run_on_merge=False))

    assert set(rendered(quiet)) == {"intent.yaml"}


@pytest.mark.parametrize("length", [10, 52, 63])
def test_names_are_as_long_as_kubernetes_allows(on_kubeflow: Target, length: int) -> None:
    name = "p" * length
    target = replace(on_kubeflow, pipeline=replace(on_kubeflow.pipeline, name=name))
    files = rendered(target, f"{name}-0123456789")

    assert len(files["schedule.yaml"][0]["metadata"]["name"]) <= 52
    assert len(files["run.yaml"][0]["metadata"]["name"]) <= 63
