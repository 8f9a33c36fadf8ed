"""Every policy admits and denies its examples, each with the message expected, and looks everywhere that it should."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from generators.checks.policies.compiled import compiled
from tests.policies.examples import examples, judged, policy, rules

KINDS = {  # a resource of the rules that policies of pods match, and the kind of its objects
    "pods": "Pod", "podtemplates": "PodTemplate", "replicationcontrollers": "ReplicationController",
    "deployments": "Deployment", "replicasets": "ReplicaSet", "statefulsets": "StatefulSet", "daemonsets": "DaemonSet",
    "jobs": "Job", "cronjobs": "CronJob", "workflows": "Workflow", "workflowtemplates": "WorkflowTemplate",
    "clusterworkflowtemplates": "ClusterWorkflowTemplate", "cronworkflows": "CronWorkflow", "tfjobs": "TFJob",
    "inferenceservices": "InferenceService", "pipelineversions": "PipelineVersion", "pipelines": "Pipeline",
    "services": "Service", "roles": "Role", "clusterroles": "ClusterRole",
}  # fmt: skip
# What no PipelineVersion can say: KFP's PlatformSpec has no field for it, or KFP sets it for every pod.
NOT_IN_PIPELINES = re.compile(
    r"pod-security-(?!run-as)|pod-spec-patches|pods-name-an-account|steps-have-no-token|templates-have-names"
)


@pytest.mark.parametrize("rule", rules())
def test_every_example_is_judged_as_its_folder_says_with_the_message_expected(rule: str) -> None:
    found = [(each, judged(rule, each)) for each in examples(rule)]

    assert {each.verdict for each, _ in found} == {"allowed", "denied"}
    for each, said in found:
        expected = [each.message] if each.verdict == "denied" else []
        assert said == expected, f"{each.file}: {each.document['kind']}"
    assert all(each.message for each, _ in found if each.verdict == "denied")


@pytest.mark.parametrize("rule", rules())
def test_every_message_says_the_place_the_problem_and_the_next_step(rule: str) -> None:
    for each in examples(rule):
        if each.verdict == "denied":
            assert re.fullmatch(r"\S.* (must|asks) [^;]+; \S.+", each.message), each.message


@pytest.mark.parametrize("rule", rules())
def test_every_kind_that_a_policy_matches_has_an_example_that_is_denied(rule: str) -> None:
    denied = {each.document["kind"] for each in examples(rule) if each.verdict == "denied"}
    matched = {KINDS[name] for each in policy(rule).match.rules for name in each.resources if "/" not in name}

    missing = matched - denied - ({"PipelineVersion"} if NOT_IN_PIPELINES.match(rule) else set())
    if rule == "pod-spec-patches-say-little":
        missing -= {kind for kind in missing if not kind.endswith(("Workflow", "WorkflowTemplate"))}
    assert missing == set()


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule.startswith("pod-security-")])
def test_a_policy_of_pod_security_goes_by_the_level(rule: str) -> None:
    assert any(
        each.facts["level"] in ("privileged", "baseline") for each in examples(rule) if each.verdict == "allowed"
    )


def test_variables_of_the_same_name_are_the_same_in_every_policy() -> None:
    found = defaultdict(set)
    for rule in rules():
        for variable in policy(rule).variables:
            if variable.name in ("workflow", "defaults", "templates", "services", "steps", "pods"):
                found[variable.name].add(variable.text)

    assert len(found) == 6
    assert [name for name, texts in found.items() if len(texts) > 1] == []


@pytest.mark.parametrize("rule", rules())
def test_every_expression_compiles(rule: str) -> None:
    assert compiled(policy(rule)).problems == ()
