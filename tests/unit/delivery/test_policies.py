"""An environment's policies on a cluster: every rule once, bound to its namespace, with the facts that it goes by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generators.delivery.policies import NONE, Policies, parameters, render
from generators.model import Accelerator, Cluster, Environment, Image

SPEC = "{paramKind: {apiVersion: v1, kind: ConfigMap}, validations: [{expression: object.metadata.name.size() < 9}]}"
POLICIES = Policies.of(
    {f"schemas/policies/{rule}.yaml": f"spec: {SPEC}" for rule in ("names-are-short", "names-are-few")}
)
ROOT = Path(__file__).resolve().parents[3]


def objects(environment: Environment, kind: str, cluster: int = 0) -> dict[str, dict[str, Any]]:
    files = render(environment, environment.clusters[cluster], POLICIES)
    return {obj["metadata"]["name"]: obj for each in files.values() for obj in each if obj["kind"] == kind}


def test_every_rule_is_a_policy_and_a_binding_that_are_called_by_the_environment_and_the_rule(
    environment: Environment,
) -> None:
    names = {"prod-names-are-short", "prod-names-are-few"}

    assert set(objects(environment, "ValidatingAdmissionPolicy")) == names
    bindings = objects(environment, "ValidatingAdmissionPolicyBinding")
    assert {name: binding["spec"]["policyName"] for name, binding in bindings.items()} == {name: name for name in names}


def test_a_binding_judges_what_stands_in_the_environments_namespace_and_nothing_of_the_cluster_itself(
    environment: Environment,
) -> None:
    spec = objects(environment, "ValidatingAdmissionPolicyBinding")["prod-names-are-few"]["spec"]

    matched = spec["matchResources"]
    assert matched["namespaceSelector"] == {"matchLabels": {"kubernetes.io/metadata.name": "ml-prod"}}
    assert [rule["scope"] for rule in matched["resourceRules"]] == ["Namespaced"]
    assert spec["paramRef"] == {"name": "graft-policies", "namespace": "ml-prod", "parameterNotFoundAction": "Deny"}
    assert spec["validationActions"] == ["Deny"]


def test_an_environment_can_be_warned_or_leave_a_rule_out(environment: Environment) -> None:
    mild = replace(environment, policies={"names-are-short": "warn", "names-are-few": "skip"})

    bindings = objects(mild, "ValidatingAdmissionPolicyBinding")
    assert {name: binding["spec"]["validationActions"] for name, binding in bindings.items()} == {
        "prod-names-are-short": ["Warn", "Audit"]
    }
    assert set(objects(mild, "ValidatingAdmissionPolicy")) == {"prod-names-are-short"}


def test_the_facts_are_there_before_what_goes_by_them(environment: Environment) -> None:
    (facts,) = objects(environment, "ConfigMap").values()
    waves = {
        int(obj["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"])
        for obj in objects(environment, "ValidatingAdmissionPolicyBinding").values()
    }

    assert "annotations" not in facts["metadata"] and waves == {1}


def test_the_facts_are_those_of_the_environment_and_of_the_cluster(environment: Environment) -> None:
    gpu = Accelerator("nvidia.com/gpu", tolerations=({"operator": "Exists"},))
    cluster = Cluster("c", "argo", accelerators=(gpu, Accelerator("free")), facts={"pod_security": "baseline"})
    digest = "docker.io/library/python@sha256:" + "1" * 64
    said = replace(
        environment,
        owner="ml",
        production=True,
        registries=("ghcr.io/ml",),
        images={"python:3": Image(reference=digest)},
    )

    assert parameters(said, cluster)["data"] == {
        "accelerators": "nvidia.com/gpu",
        "engine": "argo",
        "environment": "prod",
        "level": "baseline",
        "owner": "ml",
        "production": "true",
        "registries": f"registry.test/\nghcr.io/ml/\n{digest}",
    }
    assert parameters(environment, Cluster("c", "argo"))["data"]["level"] == "privileged"


def test_there_are_none_in_a_namespace_that_is_kubeflow_s_own(environment: Environment) -> None:
    single, multi = (Cluster("c", "kubeflow", facts={"mode": mode}) for mode in ("single-user", "multi-user"))

    assert render(environment, single, POLICIES) == {}
    assert render(environment, multi, POLICIES) != {}


def test_there_are_none_where_nothing_is_delivered_or_there_is_no_policy(environment: Environment) -> None:
    assert render(replace(environment, delivery=None), environment.clusters[0], POLICIES) == {}
    assert render(environment, environment.clusters[0], NONE) == {}


@pytest.mark.parametrize("changed", [{"names-are-short": "spec: {}"}, {"other": f"spec: {SPEC}"}, {}])
def test_what_a_policy_says_and_is_called_changes_what_they_are_known_by(changed: dict[str, str]) -> None:
    assert Policies(changed).digest != POLICIES.digest
    assert Policies(dict(reversed(POLICIES.texts.items()))).digest == POLICIES.digest


def test_the_repositorys_own_policies_are_called_as_their_files() -> None:
    import yaml

    files = sorted((ROOT / "schemas/policies").glob("*.yaml"))

    assert len(files) >= 20
    for file in files:
        document = yaml.load(file.read_text(), yaml.CSafeLoader)
        assert (document["kind"], document["metadata"]) == ("ValidatingAdmissionPolicy", {"name": file.stem})
