"""What the pipelines of a cluster need around them: every Secret without which a pod of theirs would not start."""

from __future__ import annotations

from dataclasses import replace

import yaml

from generators.delivery import needs, secrets
from generators.ir.definitions import definition
from generators.model import Environment, SecretStore

SPEC = {
    "pipelineInfo": {"name": "greet"},
    "root": {"dag": {"tasks": {"greet": {"componentRef": {"name": "comp-greet"}, "taskInfo": {"name": "greet"}}}}},
    "components": {"comp-greet": {"executorLabel": "exec-greet"}},
    "deploymentSpec": {"executors": {"exec-greet": {"container": {"image": "python"}}}},
}
POD = {
    "secretAsEnv": [{"secretName": "forge", "keyToEnv": [{"secretKey": "token", "envVar": "TOKEN"}]}],
    "secretAsVolume": [
        {"secretNameParameter": {"runtimeValue": {"constant": "certificates"}}, "mountPath": "/certificates"},
        {"secretName": "perhaps", "mountPath": "/perhaps", "optional": True},
    ],
    "imagePullSecret": [{"secretName": "mirror"}],
}
GREET = definition("greet", SPEC, {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-greet": POD}}}}})


def of(environment: Environment) -> needs.Needs:
    return needs.together(environment, [needs.of_pipeline(environment, environment.pipelines[0], GREET)])


def test_secrets_are_those_of_variables_of_mounts_and_those_that_images_are_pulled_with(
    environment: Environment,
) -> None:
    found = of(replace(environment, pull_secrets=("registry",)))

    assert found.secrets == {
        "certificates": ["*"],
        "forge": ["token"],
        "mirror": [".dockerconfigjson"],
        "registry": [".dockerconfigjson"],
    }


def test_a_store_gives_all_of_an_entry_that_is_mounted_and_a_pull_secret_of_its_type(environment: Environment) -> None:
    stored = replace(environment, secret_store=SecretStore("vault", prefix="ml/"), pull_secrets=("registry",))
    files = secrets.render(stored, of(stored))
    made = {obj["metadata"]["name"]: obj["spec"] for obj in files["externalsecrets.yaml"]}

    assert made["certificates"]["dataFrom"][0]["extract"]["key"] == "ml/certificates"
    assert "data" not in made["certificates"]
    assert made["registry"]["target"]["template"] == {"type": "kubernetes.io/dockerconfigjson"}
    assert "template" not in made["forge"]["target"]


def test_a_list_of_secrets_says_where_all_of_one_is_read(environment: Environment) -> None:
    [listed] = secrets.render(environment, of(environment))["required-secrets.yaml"]

    assert yaml.safe_load(yaml.safe_dump(listed["data"]))["certificates"] == "*\n"
