"""A model that is served: Git says all of its InferenceService but the version, which is a run's until it is pinned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generators.delivery import applications, platform, serving
from generators.delivery.needs import Needs
from generators.engines.engine import Target
from generators.ir.definitions import definition
from generators.model import Cluster, Environment, Image, Pipeline, SecretKey, SecretStore, Serve, Storage

ROOT = Path(__file__).parents[3]
DIGEST = "sha256:" + "1" * 64
SERVE = Serve("greeter", canary=10, resources={"cpu": "1", "memory": "1Gi"}, requests={"cpu": "100m"})
CREDENTIALS = {"AWS_ACCESS_KEY_ID": SecretKey("ml-storage", "access-key")}


@pytest.fixture
def served(environment: Environment) -> Environment:
    """The environment, which serves the model of its pipeline."""
    pipelines = (replace(environment.pipelines[0], serve=SERVE),)
    return replace(environment, pipelines=pipelines, images={"greeter": Image({"723f2352": DIGEST})})


def target(environment: Environment, **changed: Any) -> Target:
    spec = {"root": {}, "pipelineInfo": {"name": "greet"}}
    greet = replace(environment.pipelines[0], serve=replace(SERVE, **changed))
    return Target(definition("greet", spec, {}, {"greeter": "723f2352"}), environment, environment.clusters[1], greet)


def service(environment: Environment, **changed: Any) -> dict[str, Any]:
    [found] = serving.render(target(environment, **changed))[serving.FILE]
    return found


def application(environment: Environment, serve: Serve | None) -> dict[str, Any]:
    found = replace(environment, pipelines=(replace(environment.pipelines[0], serve=serve),))
    [obj] = applications.render(found)["prod-west-greet.yaml"]
    return obj["spec"]


def test_it_runs_the_image_of_the_definitions_source_with_the_models_folder(served: Environment) -> None:
    found = service(served)

    predictor = found["spec"]["predictor"]
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("greet", "ml-prod")
    assert (predictor["canaryTrafficPercent"], predictor["serviceAccountName"]) == (10, serving.ACCOUNT)
    assert predictor["model"]["image"] == f"registry.test/greeter@{DIGEST}"
    assert predictor["model"]["args"][:2] == ["--model_name=greet", "--model_uri=/mnt/models"]
    asked = predictor["model"]["resources"]
    assert asked == {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}


def test_the_version_is_left_to_runs_and_argo_cd_told_so(served: Environment) -> None:
    assert "storageUri" not in service(served)["spec"]["predictor"]["model"]
    spec = application(served, SERVE)

    assert spec["ignoreDifferences"] == [
        {
            "group": "serving.kserve.io",
            "kind": "InferenceService",
            "name": "greet",
            "jsonPointers": ["/spec/predictor/model/storageUri"],
        }
    ]
    assert "RespectIgnoreDifferences=true" in spec["syncPolicy"]["syncOptions"]


def test_a_version_that_is_pinned_is_gits_and_runs_can_see_it(served: Environment) -> None:
    found = service(served, version=3, pinned=True)

    assert found["spec"]["predictor"]["model"]["storageUri"] == "s3://ml/models/greet/3"
    assert found["metadata"]["annotations"]["graft.dev/pinned-version"] == "3"
    spec = application(served, replace(SERVE, version=3, pinned=True))
    assert "ignoreDifferences" not in spec and "RespectIgnoreDifferences=true" not in spec["syncPolicy"]["syncOptions"]
    assert application(served, None) == spec


def test_a_version_that_is_not_pinned_is_where_runs_begin(served: Environment) -> None:
    found = service(served, version=3)

    assert found["spec"] == service(served, version=3, pinned=True)["spec"]
    assert "graft.dev/pinned-version" not in found["metadata"]["annotations"]
    assert application(served, replace(SERVE, version=3)) == application(served, SERVE)


def test_it_keeps_no_run_from_starting_while_it_is_not_ready(served: Environment) -> None:
    assert service(served)["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "2"  # the last


def test_nothing_is_rendered_where_nothing_serves_or_nothing_runs_on_kubernetes(served: Environment) -> None:
    here = target(served)

    assert serving.render(replace(here, pipeline=Pipeline("greet"))) == {}
    assert serving.render(replace(here, cluster=Cluster("laptop", "local"))) == {}


def test_a_step_may_look_at_and_change_the_services_of_the_environment_and_no_others(served: Environment) -> None:
    [rule] = _rules_of_steps(served, ["greet"])

    assert (rule["resourceNames"], rule["verbs"]) == (["greet"], ["get", "patch"])
    assert _rules_of_steps(served, []) == []  # a rule without names would allow every service


def test_runs_read_the_pin_by_the_name_that_it_is_written_under() -> None:
    component = ROOT / "components/text_classifier/src/text_classifier/inference_service.py"

    assert f'PINNED = "{serving.PINNED}"' in component.read_text("utf-8")


def test_pods_that_serve_may_be_called_and_those_of_steps_not(served: Environment) -> None:
    [policy] = platform.render(served, served.clusters[1], Needs(), "")["networkpolicy.yaml"]

    [others] = policy["spec"]["podSelector"]["matchExpressions"]
    label = service(served)["metadata"]["labels"]["app.kubernetes.io/component"]
    assert (others["key"], others["operator"], others["values"]) == ("app.kubernetes.io/component", "NotIn", [label])


def test_kserve_finds_the_storage_and_its_keys_by_a_secret_of_its_own(served: Environment) -> None:
    storage = Storage("s3://ml", CREDENTIALS, "https://objects.test:9000", "eu-central-1")
    stored = replace(served, storage=storage, secret_store=SecretStore("vault", prefix="ml/"))
    needs = Needs({"ml-storage": ["access-key"]}, serves=["greet"])
    files = platform.render(stored, stored.clusters[1], needs, "")

    [account] = files["serving-account.yaml"]
    *_, secret = files["externalsecrets.yaml"]
    assert account["secrets"] == [{"name": secret["spec"]["target"]["name"]}]
    [key] = secret["spec"]["data"]
    assert (key["secretKey"], key["remoteRef"]["key"]) == ("AWS_ACCESS_KEY_ID", "ml/ml-storage")
    assert secret["spec"]["target"]["template"]["metadata"]["annotations"] == {
        "serving.kserve.io/s3-endpoint": "objects.test:9000",
        "serving.kserve.io/s3-usehttps": "1",
        "serving.kserve.io/s3-region": "eu-central-1",
    }
    files = platform.render(replace(stored, secret_store=None), stored.clusters[1], needs, "")
    assert files["required-secrets.yaml"][0]["data"]["graft-serving-storage"] == "AWS_ACCESS_KEY_ID\n"


def _rules_of_steps(environment: Environment, serves: list[str]) -> list[dict[str, Any]]:
    needs = Needs(uses=[("inferenceservices",)], serves=serves)
    objects = platform.render(environment, environment.clusters[1], needs, "")["accounts.yaml"]
    [role] = (
        obj for obj in objects if (obj["kind"], obj["metadata"]["name"]) == ("Role", "pipelines-inferenceservices")
    )
    return role["rules"]


def test_it_is_not_pruned_where_what_it_has_started_would_stay(served: Environment) -> None:
    on_argo = target(served)
    on_kubeflow = replace(on_argo, cluster=served.clusters[0])
    [stays], [goes] = (serving.render(each)[serving.FILE] for each in (on_argo, on_kubeflow))

    assert stays["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"
    assert "argocd.argoproj.io/sync-options" not in goes["metadata"]["annotations"]
