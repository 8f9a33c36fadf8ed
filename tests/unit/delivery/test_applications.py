"""An environment's Applications and AppProjects: one a pipeline and cluster, with nothing left open."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from generators.delivery import accounts, applications, platform
from generators.delivery.needs import Needs
from generators.delivery.policies import Policies
from generators.engines.registry import engine
from generators.model import Cluster, Environment, Pipeline, SecretKey, SecretStore, Storage

POLICIES = Policies({"names-are-short": "{spec: {validations: [{expression: object.metadata.name.size() < 9}]}}"})
IMAGE = "registry.test/operations@sha256:" + "1" * 64


def objects(environment: Environment) -> list[dict[str, Any]]:
    return [obj for objects in applications.render(environment, tuple(POLICIES.texts)).values() for obj in objects]


def named(environment: Environment, kind: str) -> dict[str, dict[str, Any]]:
    return {obj["metadata"]["name"]: obj for obj in objects(environment) if obj["kind"] == kind}


def test_there_is_one_for_each_pipeline_and_cluster_one_for_each_platform_and_one_that_applies_them(
    environment: Environment,
) -> None:
    assert set(named(environment, "Application")) == {
        "prod",
        "prod-east-greet",
        "prod-east-platform",
        "prod-west-greet",
        "prod-west-platform",
    }


def test_each_reads_one_folder_and_goes_to_one_namespace_of_one_cluster(environment: Environment) -> None:
    spec = named(environment, "Application")["prod-west-greet"]["spec"]

    assert spec["source"] == {
        "repoURL": "https://git.test/ml.git",
        "targetRevision": "main",
        "path": "rendered/prod/prod-west/greet",
    }
    assert spec["destination"] == {"server": "https://west.test", "namespace": "ml-prod"}
    assert spec["project"] == "prod-pipelines"
    assert named(environment, "Application")["prod"]["spec"]["project"] == "prod-argocd"


def test_a_pipeline_that_runs_on_one_cluster_alone_has_no_application_on_another(environment: Environment) -> None:
    only = replace(environment, pipelines=(Pipeline("greet", clusters=("prod-west",)),))

    assert "prod-west-greet" in named(only, "Application")
    assert "prod-east-greet" not in named(only, "Application")


def test_a_cluster_whose_name_does_not_say_the_environment_gets_it_into_the_names(environment: Environment) -> None:
    elsewhere = replace(environment, clusters=(Cluster("laptop", "argo", "https://one.test"),))

    assert "prod-laptop-greet" in named(elsewhere, "Application")


def test_syncing_never_gives_up_and_takes_the_newest_revision(environment: Environment) -> None:
    for application in named(environment, "Application").values():
        policy = application["spec"]["syncPolicy"]
        assert policy["automated"] == {"prune": True, "selfHeal": True}
        assert (policy["retry"]["limit"], policy["retry"]["refresh"]) == (-1, True)
        assert "ServerSideApply=true" in policy["syncOptions"]


def test_what_a_schedule_has_started_outlives_it_where_it_owns_that_and_all_else_goes_with_what_it_holds(
    environment: Environment,
) -> None:
    orphans = {
        name
        for name, application in named(environment, "Application").items()
        if "PrunePropagationPolicy=orphan" in application["spec"]["syncPolicy"]["syncOptions"]
    }

    assert orphans == {"prod-west-greet"}  # a CronWorkflow owns its Workflows; a run of KFP's is no object's child


def test_deleting_the_application_of_all_others_leaves_them_and_their_projects(environment: Environment) -> None:
    finalizers = {
        name: application["metadata"].get("finalizers", [])
        for name, application in named(environment, "Application").items()
    }
    projects = named(environment, "AppProject")
    del projects["default"]

    assert finalizers.pop("prod") == []
    assert all(each == ["resources-finalizer.argocd.argoproj.io"] for each in finalizers.values())
    for project in projects.values():
        assert project["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Delete=false"


def test_no_project_has_a_wildcard_and_every_list_is_written_down(environment: Environment) -> None:
    for name, project in named(environment, "AppProject").items():
        assert "*" not in json.dumps(project), name
        lists = ("sourceRepos", "destinations", "clusterResourceWhitelist", "namespaceResourceWhitelist")
        assert all(isinstance(project["spec"].get(each), list) for each in lists), name


def test_the_default_project_allows_nothing(environment: Environment) -> None:
    spec = named(environment, "AppProject")["default"]["spec"]

    assert [spec[each] for each in ("sourceRepos", "destinations", "namespaceResourceWhitelist")] == [[], [], []]


def test_pipelines_are_applied_by_an_account_of_their_own_namespace(environment: Environment) -> None:
    spec = named(environment, "AppProject")["prod-pipelines"]["spec"]

    assert {each["defaultServiceAccount"] for each in spec["destinationServiceAccounts"]} == {"ml-prod:graft-deployer"}
    assert spec["clusterResourceWhitelist"] == []


def test_the_projects_admit_every_object_of_their_applications_and_no_other_kind(environment: Environment) -> None:
    projects = named(environment, "AppProject")
    store = SecretStore("vault")
    secured = replace(environment, secret_store=store, storage=Storage("s3://ml", {"A": SecretKey("s", "k")}))
    needs = Needs({"s": ["k"]}, [("tfjobs",)], claims=True)
    held = set()
    for cluster in environment.clusters:
        for each in (environment, secured):
            files = platform.render(
                replace(each), replace(cluster, capacity={"cpu": "1", "memory": "1Gi"}), needs, IMAGE, POLICIES
            )
            held |= {_kind(obj) for objects in files.values() for obj in objects}
    spec = projects["prod-platform"]["spec"]
    listed = [*spec["clusterResourceWhitelist"], *spec["namespaceResourceWhitelist"]]

    assert {(each["group"], each["kind"]) for each in listed} == held
    assert projects["prod-argocd"]["spec"]["namespaceResourceWhitelist"] == [
        {"group": "argoproj.io", "kind": "AppProject"},
        {"group": "argoproj.io", "kind": "Application"},
    ]


def test_the_deployer_may_change_what_a_pipelines_application_holds_and_nothing_else(environment: Environment) -> None:
    for cluster in environment.clusters:
        [_, role, _] = accounts.render(environment, cluster, Needs())["deployer.yaml"]
        allowed = {(rule["apiGroups"][0], name) for rule in role["rules"] for name in rule["resources"]}
        kinds = {*engine(cluster.engine).kinds, ("", "ConfigMap"), ("batch", "CronJob"), ("batch", "Job")}
        assert allowed == {(group, f"{kind.lower()}s") for group, kind in kinds}


def test_an_environment_that_says_nothing_of_delivery_has_none(environment: Environment) -> None:
    assert applications.render(replace(environment, delivery=None)) == {}


def _kind(obj: dict[str, Any]) -> tuple[str, str]:
    group, slash, _ = obj["apiVersion"].rpartition("/")
    return (group if slash else "", obj["kind"])


def test_an_application_that_goes_finds_its_project_and_its_account_as_they_were(environment: Environment) -> None:
    waves = {
        obj["kind"]: obj["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", "0")
        for obj in objects(environment)
        if obj["metadata"]["name"] != "default"
    }
    assert waves == {"ConfigMap": "0", "Application": "0", "AppProject": "1"}

    for cluster in environment.clusters:
        for obj in accounts.render(environment, cluster, Needs())["deployer.yaml"]:
            assert obj["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Delete=false"
