"""The overlay is a pure function that writes what KFP's driver reads, on steps inside loops and conditions too."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generators.inventory.read import Repository
from generators.ir.definitions import Definition, from_text
from generators.ir.definitions import definition as definition_of
from generators.ir.overlay import overlay
from generators.model import (
    UNBUILT,
    Accelerator,
    Cluster,
    Database,
    Environment,
    Image,
    Keep,
    Pipeline,
    SecretKey,
    StepOverlay,
    Storage,
)

DIGEST = "sha256:" + "1" * 64
GPU = Accelerator("nvidia.com/gpu", {"pool": "gpu"}, ({"key": "nvidia.com/gpu", "operator": "Exists"},))
CLUSTER = Cluster("east", "kubeflow", accelerators=(GPU,))
ENVIRONMENT = Environment(
    name="prod",
    namespace="greet-prod",
    database=Database("postgresql://mlflow@db/mlflow", SecretKey("db", "password")),
    storage=Storage("s3://bucket/", {"AWS_ACCESS_KEY_ID": SecretKey("store", "id")}),
    registry="registry.test",
    images={"greeter": Image({"723f2352": DIGEST})},
    clusters=(CLUSTER,),
    pipelines=(),
)
STEP = "people/greet"  # inside a loop


@pytest.fixture
def definition(tiny: Path) -> Definition:
    (file,) = Repository(tiny).files("definitions/greet/*.json")
    return from_text("greet", (tiny / file).read_text())


def _overlaid(definition: Definition, step: StepOverlay, environment: Environment = ENVIRONMENT, **parameters: Any):
    return overlay(definition, environment, CLUSTER, Pipeline("greet", parameters=parameters, steps={STEP: step}))


def _container(spec: dict[str, Any]) -> dict[str, Any]:
    return spec["deploymentSpec"]["executors"]["exec-greet"]["container"]


def _settings(platform: dict[str, Any]) -> dict[str, Any]:
    return platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]["exec-greet"]


def _task(spec: dict[str, Any]) -> dict[str, Any]:
    return spec["components"]["comp-for-loop-1"]["dag"]["tasks"]["greet"]


def test_the_definition_stays_as_it_is(definition: Definition) -> None:
    before = copy.deepcopy(definition)

    _overlaid(definition, StepOverlay(env={"A": "b"}, resources={"cpu": "2"}, cache=False), times=3)

    assert definition == before


def test_an_image_becomes_a_digest_in_the_environment_s_registry(definition: Definition) -> None:
    spec, _ = _overlaid(definition, StepOverlay())

    assert _container(spec)["image"] == f"registry.test/greeter@{DIGEST}"


def test_new_code_cannot_run_on_the_image_of_old_code(definition: Definition) -> None:
    newer = from_text("greet", definition.text.replace("723f2352", "723f2353"))

    spec, _ = _overlaid(newer, StepOverlay())

    assert (_container(spec)["image"], newer.hash) != (f"registry.test/greeter@{DIGEST}", definition.hash)
    assert _container(spec)["image"] == f"registry.test/greeter@{UNBUILT}"


def test_an_image_that_a_parameter_names_is_rendered_whole_wherever_it_stands() -> None:
    value = {
        "pods": [{"image": "image://greeter", "args": ["image://greeter is no image", 1]}],
        "other": "image://python",
    }
    spec = {
        "components": {},
        "deploymentSpec": {"executors": {}},
        "root": {"dag": {"tasks": {}}, "inputDefinitions": {"parameters": {"job": {"parameterType": "STRUCT"}}}},
    }
    made = definition_of("greet", spec, {}, {"greeter": "723f2352"})
    environment = replace(ENVIRONMENT, images={**ENVIRONMENT.images, "python": Image(reference=f"python@{DIGEST}")})
    rendered, _ = overlay(made, environment, CLUSTER, Pipeline("greet", parameters={"job": value}))
    assert rendered["root"]["inputDefinitions"]["parameters"]["job"]["defaultValue"] == {
        "pods": [{"image": f"registry.test/greeter@{DIGEST}", "args": ["image://greeter is no image", 1]}],
        "other": f"python@{DIGEST}",
    }


def test_a_step_may_run_another_image(definition: Definition) -> None:
    environment = replace(ENVIRONMENT, images={**ENVIRONMENT.images, "other": Image(reference=f"other@{DIGEST}")})

    spec, _ = _overlaid(definition, StepOverlay(image="other"), environment)

    images = {label: found["container"]["image"] for label, found in spec["deploymentSpec"]["executors"].items()}
    assert images["exec-greet"] == f"other@{DIGEST}"
    assert images["exec-collect"] == f"registry.test/greeter@{DIGEST}"


def test_resources_are_written_with_their_deprecated_twins(definition: Definition) -> None:
    spec, _ = _overlaid(definition, StepOverlay(resources={"cpu": "500m", "memory": "4Gi"}))

    assert _container(spec)["resources"] == {
        "resourceCpuLimit": "500m",
        "resourceCpuRequest": "500m",
        "cpuLimit": 0.5,
        "cpuRequest": 0.5,
        "resourceMemoryLimit": "4Gi",
        "resourceMemoryRequest": "4Gi",
        "memoryLimit": 4.294967296,
        "memoryRequest": 4.294967296,
    }


def test_an_accelerator_brings_its_selector_and_tolerations(definition: Definition) -> None:
    spec, platform = _overlaid(definition, StepOverlay(accelerator="optional"))

    assert _container(spec)["resources"]["accelerator"] == {
        "type": "nvidia.com/gpu",
        "resourceType": "nvidia.com/gpu",
        "count": "1",
        "resourceCount": "1",
    }
    assert _settings(platform) == {
        "nodeSelector": {"labels": {"pool": "gpu"}},
        "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
    }


def test_an_optional_accelerator_is_left_out_where_there_is_none(definition: Definition) -> None:
    pipeline = Pipeline("greet", steps={STEP: StepOverlay(accelerator="optional")})

    spec, platform = overlay(definition, ENVIRONMENT, Cluster("west", "kubeflow"), pipeline)

    assert "resources" not in _container(spec)
    assert "deploymentSpec" not in platform["platforms"]["kubernetes"]


def test_only_a_step_that_uses_a_service_learns_of_it(definition: Definition) -> None:
    spec, platform = _overlaid(definition, StepOverlay(uses=("database", "storage")))

    env = {item["name"]: item["value"] for item in _container(spec)["env"]}
    assert env["MLFLOW_TRACKING_URI"] == "postgresql://mlflow@db/mlflow"
    assert env["STORAGE_URI"] == "s3://bucket/"
    given = {
        item["envVar"]: secret["secretName"]
        for secret in _settings(platform)["secretAsEnv"]
        for item in secret["keyToEnv"]
    }
    assert given == {"PGPASSWORD": "db", "AWS_ACCESS_KEY_ID": "store"}
    others = json.dumps([value for key, value in spec["deploymentSpec"]["executors"].items() if key != "exec-greet"])
    assert "MLFLOW_TRACKING_URI" not in others and "STORAGE_URI" not in others


def test_a_secret_is_named_in_the_field_that_the_driver_reads_and_in_its_twin(definition: Definition) -> None:
    _, platform = _overlaid(definition, StepOverlay(secrets={"TOKEN": SecretKey("hub", "token")}))

    (secret,) = _settings(platform)["secretAsEnv"]
    assert secret["secretNameParameter"]["runtimeValue"]["constant"] == secret["secretName"] == "hub"
    assert secret["keyToEnv"] == [{"secretKey": "token", "envVar": "TOKEN"}]


def test_the_nearer_variable_wins(definition: Definition) -> None:
    environment = replace(ENVIRONMENT, env={"LEVEL": "environment", "OTHER": "environment"})

    spec, _ = _overlaid(definition, StepOverlay(env={"LEVEL": "step"}), environment)

    env = {item["name"]: item["value"] for item in _container(spec)["env"]}
    assert (env["LEVEL"], env["OTHER"]) == ("step", "environment")


def test_cache_retry_timeout_pull_policy_and_labels(definition: Definition) -> None:
    step = StepOverlay(
        cache=False,
        retry={"count": 3, "backoff": "1m", "factor": 2, "limit": "10m"},
        timeout="2h",
        pull_policy="Always",
        labels={"team": "greeters"},
    )

    spec, platform = _overlaid(definition, step)

    assert _task(spec)["cachingOptions"] == {}
    assert _task(spec)["retryPolicy"] == {
        "maxRetryCount": 3,
        "backoffDuration": "60s",
        "backoffFactor": 2,
        "backoffMaxDuration": "600s",
    }
    assert _settings(platform) == {
        "activeDeadlineSeconds": "7200",
        "imagePullPolicy": "Always",
        "podMetadata": {"labels": {"team": "greeters"}},
    }


def test_parameters_become_default_inputs(definition: Definition) -> None:
    spec, _ = _overlaid(definition, StepOverlay(), times=7)

    assert spec["root"]["inputDefinitions"]["parameters"]["times"]["defaultValue"] == 7


def test_kfp_s_own_message_accepts_the_overlaid_ir(definition: Definition) -> None:
    from google.protobuf.json_format import ParseDict
    from kfp.pipeline_spec.pipeline_spec_pb2 import PipelineSpec, PlatformSpec

    step = StepOverlay(
        resources={"cpu": "1"},
        accelerator="optional",
        uses=("database",),
        retry={"count": 1},
        timeout="5m",
        env={"A": "b"},
    )

    spec, platform = _overlaid(definition, step, times=2)

    ParseDict(spec, PipelineSpec())
    ParseDict(platform, PlatformSpec())


def test_a_run_is_kept_for_as_long_as_the_environment_says_and_takes_no_longer_than_the_pipeline_does(
    definition: Definition,
) -> None:
    environment = replace(ENVIRONMENT, keep=Keep(runs="2d"))

    _, platform = overlay(definition, environment, CLUSTER, Pipeline("greet", timeout="3h"))

    config = platform["platforms"]["kubernetes"]["pipelineConfig"]
    assert config == {"activeDeadlineSeconds": 10800, "resourceTtlOnCompletion": 172800}


def test_a_step_may_ask_for_less_than_its_limits(definition: Definition) -> None:
    step = StepOverlay(resources={"cpu": "4", "memory": "8Gi"}, requests={"cpu": "500m"})

    spec, _ = overlay(definition, ENVIRONMENT, CLUSTER, Pipeline("greet", steps={STEP: step}))

    resources = _container(spec)["resources"]
    assert (resources["resourceCpuRequest"], resources["resourceCpuLimit"]) == ("500m", "4")
    assert (resources["resourceMemoryRequest"], resources["resourceMemoryLimit"]) == ("8Gi", "8Gi")


def test_pull_secrets_and_node_selectors_of_the_environment_reach_every_step(definition: Definition) -> None:
    environment = replace(ENVIRONMENT, pull_secrets=("registry",), node_selector={"pool": "ml"})
    step = StepOverlay(node_selector={"disk": "fast"})

    _, platform = overlay(definition, environment, CLUSTER, Pipeline("greet", steps={STEP: step}))

    settings = _settings(platform)
    assert [each["secretName"] for each in settings["imagePullSecret"]] == ["registry"]
    assert settings["nodeSelector"]["labels"] == {"pool": "ml", "disk": "fast"}


def test_a_step_that_uses_the_storage_is_told_where_it_answers(definition: Definition) -> None:
    storage = Storage("s3://ml", endpoint="https://objects.test:9000", region="eu-1")
    environment = replace(ENVIRONMENT, storage=storage)

    spec, _ = overlay(definition, environment, CLUSTER, Pipeline("greet", steps={STEP: StepOverlay(uses=("storage",))}))

    env = {item["name"]: item["value"] for item in _container(spec)["env"]}
    assert env["AWS_ENDPOINT_URL"] == "https://objects.test:9000"
    assert env["AWS_REGION"] == env["AWS_DEFAULT_REGION"] == "eu-1"
