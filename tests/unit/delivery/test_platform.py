"""A cluster's own objects: what pods need is there, and nothing that none of them uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import yaml

from generators.delivery import platform
from generators.delivery.needs import Needs
from generators.model import Cluster, Environment, SecretKey, SecretStore, Storage

IMAGE = "registry.test/operations@sha256:" + "1" * 64


def rendered(environment: Environment, cluster: Cluster, needs: Needs | None = None) -> dict[str, list[dict[str, Any]]]:
    return platform.render(environment, cluster, needs or Needs(), IMAGE)


def test_a_number_of_pods_is_a_quota_of_pods_and_not_of_what_they_ask_for(environment: Environment) -> None:
    capacity = {"cpu": "8", "memory": "16Gi", "pods": "20", "nvidia.com/gpu": "1"}
    (quota,) = rendered(environment, Cluster("one", "argo", capacity=capacity))["resourcequota.yaml"]

    asked = {"requests.cpu": "8", "requests.memory": "16Gi", "requests.nvidia.com/gpu": "1"}
    assert quota["spec"]["hard"] == {**asked, "pods": "20"}


def test_no_quota_and_no_limit_is_put_on_the_pods_of_what_runs_the_pipelines(environment: Environment) -> None:
    limited = replace(environment, ephemeral_storage={"request": "1Gi", "limit": "2Gi"})
    for mode, expected in (("single-user", set()), ("multi-user", {"limitrange.yaml", "resourcequota.yaml"})):
        cluster = Cluster("one", "kubeflow", capacity={"cpu": "8", "memory": "16Gi"}, facts={"mode": mode})
        assert rendered(limited, cluster).keys() & {"limitrange.yaml", "resourcequota.yaml"} == expected


def test_the_namespace_stays_whatever_git_says_and_a_profiles_is_not_rendered(environment: Environment) -> None:
    east, west = environment.clusters

    (namespace,) = rendered(environment, west)["namespace.yaml"]
    assert namespace["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false,Delete=false"
    assert "namespace.yaml" not in rendered(environment, east)


def test_steps_have_an_account_without_a_token_and_those_that_use_the_cluster_one_of_their_own(
    environment: Environment,
) -> None:
    _, west = environment.clusters
    objects = rendered(environment, west, Needs(uses=[("tfjobs",)]))["accounts.yaml"]
    accounts = {obj["metadata"]["name"]: obj for obj in objects if obj["kind"] == "ServiceAccount"}
    roles = {obj["metadata"]["name"]: obj["rules"] for obj in objects if obj["kind"] == "Role"}

    assert accounts["pipelines"]["automountServiceAccountToken"] is False
    assert roles["pipelines"] == [
        {"apiGroups": ["argoproj.io"], "resources": ["workflowtaskresults"], "verbs": ["create", "patch"]}
    ]
    assert roles["pipelines-tfjobs"] == [
        {"apiGroups": ["kubeflow.org"], "resources": ["tfjobs"], "verbs": ["create", "get", "update", "delete"]}
    ]


def test_claims_are_allowed_where_a_step_makes_one(environment: Environment) -> None:
    _, west = environment.clusters
    for claims in (False, True):
        objects = rendered(environment, west, Needs(claims=claims))["accounts.yaml"]
        [rules] = [obj["rules"] for obj in objects if obj["kind"] == "Role"]
        assert any("persistentvolumeclaims" in rule["resources"] for rule in rules) is claims


def test_no_role_has_a_wildcard(environment: Environment) -> None:
    needs = Needs({"s": ["k"]}, [("inferenceservices",), ("tfjobs",)], claims=True)
    for cluster in environment.clusters:
        for objects in rendered(environment, cluster, needs).values():
            for role in (obj for obj in objects if obj["kind"] == "Role"):
                assert not any("*" in words for rule in role["rules"] for words in rule.values())


def test_secrets_that_must_be_there_are_listed_with_their_keys(environment: Environment) -> None:
    _, west = environment.clusters
    (listed,) = rendered(environment, west, Needs({"database": ["password"]}))["required-secrets.yaml"]

    assert listed["data"] == {"database": "password\n"}


def test_with_a_store_each_secret_is_fetched_from_it(environment: Environment) -> None:
    _, west = environment.clusters
    stored = replace(environment, secret_store=SecretStore("vault", prefix="ml/prod/"))
    files = rendered(stored, west, Needs({"database": ["password"]}))
    (external,) = files["externalsecrets.yaml"]

    assert external["spec"]["target"]["name"] == "database"
    assert external["spec"]["data"] == [
        {
            "secretKey": "password",
            "remoteRef": {
                "key": "ml/prod/database",
                "property": "password",
                "conversionStrategy": "Default",
                "decodingStrategy": "None",
                "metadataPolicy": "None",
            },
        }
    ]
    assert "required-secrets.yaml" not in files


def test_argo_finds_artifacts_in_the_environments_storage(environment: Environment) -> None:
    _, west = environment.clusters
    keys = {"AWS_ACCESS_KEY_ID": SecretKey("store", "id"), "AWS_SECRET_ACCESS_KEY": SecretKey("store", "key")}
    storage = Storage("s3://ml/prod", keys, "http://objects.test:9000", "eu-1")
    (repository,) = rendered(replace(environment, storage=storage), west)["artifacts.yaml"]

    assert yaml.safe_load(repository["data"]["pipelines"])["s3"] == {
        "bucket": "ml",
        "endpoint": "objects.test:9000",
        "insecure": True,
        "region": "eu-1",
        "accessKeySecret": {"name": "store", "key": "id"},
        "secretKeySecret": {"name": "store", "key": "key"},
    }


def test_without_credentials_artifacts_go_by_the_pods_own_identity(environment: Environment) -> None:
    _, west = environment.clusters
    (repository,) = rendered(environment, west)["artifacts.yaml"]

    assert yaml.safe_load(repository["data"]["pipelines"])["s3"] == {
        "bucket": "ml",
        "endpoint": "s3.amazonaws.com",
        "useSDKCreds": True,
    }


def test_every_object_carries_the_labels_that_operators_filter_by(environment: Environment) -> None:
    owned = replace(environment, owner="ml")
    for cluster in owned.clusters:
        for objects in rendered(owned, cluster, Needs({"s": ["k"]})).values():
            for obj in objects:
                labels = obj["metadata"]["labels"]
                assert labels["app.kubernetes.io/managed-by"] == "graft"
                assert (labels["graft.dev/environment"], labels["graft.dev/owner"]) == ("prod", "ml")
