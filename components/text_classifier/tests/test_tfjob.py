"""The TFJob that is sent: valid by the operator's own definition, with everything that its pods need."""

from __future__ import annotations

from typing import Any

import pytest
from graft_steps.checks import StepError
from kube_api import document_problems
from text_classifier import tfjob
from text_classifier_small import DIGEST, job

WORK = tfjob.Work("work-claim", "/workdir", "/workdir/one")
SECRETS = {"AWS_ACCESS_KEY_ID": {"secret": "ml-storage", "key": "access-key"}}


def pod(made: dict[str, Any], kind: str) -> dict[str, Any]:
    return made["spec"]["tfReplicaSpecs"][kind]["template"]["spec"]


def test_every_pod_has_image_command_secrets_and_the_shared_folder() -> None:
    made = tfjob.manifest(job(workers=2), WORK, SECRETS)
    for kind in ("Chief", "Worker"):
        (container,) = pod(made, kind)["containers"]
        assert container["image"] == DIGEST
        assert container["command"] == ["python", "-m", "text_classifier.worker", "/workdir/one"]
        reference = {"secretKeyRef": {"name": "ml-storage", "key": "access-key"}}
        assert container["env"] == [{"name": "AWS_ACCESS_KEY_ID", "valueFrom": reference}]
        assert container["volumeMounts"] == [{"name": "work", "mountPath": "/workdir"}]
        assert pod(made, kind)["volumes"] == [{"name": "work", "persistentVolumeClaim": {"claimName": "work-claim"}}]
        assert container["resources"]["limits"] == {"cpu": "2", "memory": "4Gi"}
    assert made["metadata"] == {"generateName": "text-classifier-", "namespace": "ml-test"}
    assert made["spec"]["runPolicy"] == {
        "cleanPodPolicy": "Running",
        "activeDeadlineSeconds": 100,
        "backoffLimit": 2,
        "ttlSecondsAfterFinished": 60,
    }
    assert set(made["spec"]["tfReplicaSpecs"]) == {"Chief", "Worker"}


def test_it_is_valid_by_the_operator_s_definition_and_a_misspelling_is_not() -> None:
    document = job(workers=2)
    for kind, count in (("PS", 1), ("Evaluator", 1)):
        document["spec"]["tfReplicaSpecs"][kind]["replicas"] = count
    made = tfjob.manifest(document, WORK, SECRETS)
    found = document_problems(made, tfjob.PLURAL)
    if found is None:
        pytest.skip("not run: the folder shared/crds is not beside the repository")
    assert found == [] and set(made["spec"]["tfReplicaSpecs"]) == set(tfjob.KINDS)
    made["spec"]["runPolicy"]["activeDeadline"] = 3
    assert "activeDeadline" in str(document_problems(made, tfjob.PLURAL))


def test_what_was_given_stays_as_it_was() -> None:
    document = job()
    before = str(document)
    tfjob.manifest(document, WORK, SECRETS)
    assert str(document) == before


def changed(**fields: Any) -> dict[str, Any]:
    return {**job(), **fields}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("text", "no TFJob of kubeflow.org/v1"),
        (changed(kind="Job"), "no TFJob of kubeflow.org/v1"),
        (changed(spec={"tfReplicaSpecs": {"Worker": {"replicas": 2}}}), "there must be one Chief"),
        (changed(spec={"tfReplicaSpecs": {"Chief": {"replicas": 2}}}), "there must be one Chief"),
        (changed(spec={"tfReplicaSpecs": {"Master": {"replicas": 1}}}), "'Master' is no kind of replica"),
        (changed(spec={"tfReplicaSpecs": {"Chief": {"replicas": -1}}}), "replicas of Chief: -1 must be from 0 to 64"),
    ],
)
def test_a_document_that_could_not_train_is_refused(document: Any, said: str) -> None:
    with pytest.raises(StepError, match=said):
        tfjob.replicas(document)


def test_an_image_that_is_not_named_by_digest_is_refused() -> None:
    document = job()
    pod(document, "Chief")["containers"][0]["image"] = "image://text-classifier"
    with pytest.raises(StepError, match="image of Chief is not named by digest: 'image://text-classifier'"):
        tfjob.manifest(document, WORK, {})


def test_a_job_without_a_deadline_is_refused() -> None:
    with pytest.raises(StepError, match="activeDeadlineSeconds: None is not a whole number"):
        tfjob.deadline(changed(spec={"runPolicy": {}}))
