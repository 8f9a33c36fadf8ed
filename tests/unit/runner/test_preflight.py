"""What is refused before anything starts: all of it at once, each with what to do."""

import pytest
from google.protobuf import json_format
from kfp import dsl, kubernetes

from generators.errors import Refused


@pytest.fixture(scope="module")
def typed(kit):
    @dsl.pipeline(name="typed")
    def pipeline(name: str, epochs: int = 3, rate: float = 0.1, units: list = [1], mode: str = "a"):  # noqa: B006
        kit.say(text=f"{name}{epochs}{rate}{units}{mode}")

    spec = json_format.MessageToDict(pipeline.pipeline_spec)
    spec["root"]["inputDefinitions"]["parameters"]["mode"]["literals"] = ["a", "b"]  # the SDK cannot write them yet
    return spec, {}


def refused(execute, pipeline, parameters=None):
    with pytest.raises(Refused) as error:
        execute(pipeline, parameters)
    return {finding.path: finding for finding in error.value.findings}


def test_every_wrong_parameter_is_found_in_one_pass(execute, typed):
    found = refused(execute, typed, {"epoch": 3, "epochs": "3", "rate": True, "units": {}, "mode": "c"})
    assert {path: finding.rule for path, finding in found.items()} == {
        "parameters.epoch": "unknown-parameter",
        "parameters.epochs": "parameter-type",
        "parameters.rate": "parameter-type",
        "parameters.units": "parameter-type",
        "parameters.mode": "parameter-value",
        "parameters.name": "missing-parameter",
    }
    unknown = found["parameters.epoch"]
    assert (unknown.fix, unknown.allowed) == ("did you mean epochs?", "epochs, mode, name, rate, units")
    assert (found["parameters.epochs"].found, found["parameters.epochs"].allowed) == ('"3"', "an integer")
    assert found["parameters.mode"].allowed == '["a", "b"]'


def test_right_parameters_run(execute, typed):
    outcome = execute(typed, {"name": "n", "epochs": 5, "rate": 1, "mode": "b"})
    assert outcome.output("say") == "n51[1]b"


def test_what_only_a_cluster_has_is_refused_by_name(execute, kit):
    @dsl.pipeline(name="volumes")
    def pipeline():
        kubernetes.mount_pvc(kit.say(text="a").set_display_name("claim"), "my-claim", "/data")
        kubernetes.use_secret_as_volume(kit.say(text="b").set_display_name("secret"), "my-secret", "/secret")
        kubernetes.use_config_map_as_volume(kit.say(text="c").set_display_name("files"), "my-files", "/files")
        kubernetes.use_config_map_as_env(kit.say(text="d").set_display_name("map"), "my-map", {"key": "KEY"})
        kubernetes.empty_dir_mount(kit.say(text="e").set_display_name("scratch"), "my-scratch", "/scratch")
        kubernetes.use_field_path_as_env(kit.say(text="f").set_display_name("field"), "UP", "status.podIPs")

    found = refused(execute, pipeline)
    assert {path: finding.rule for path, finding in found.items()} == {
        "claim": "volume",
        "secret": "volume",
        "files": "volume",
        "map": "config-map",
        "scratch": "volume",
        "field": "field",
    }
    names = {"claim": "my-claim", "secret": "my-secret", "files": "my-files", "map": "my-map", "scratch": "my-scratch"}
    assert all(name in found[path].message for path, name in names.items())


def test_what_changes_no_result_is_passed_over(execute, kit):
    @dsl.pipeline(name="placed")
    def pipeline():
        task = kit.say(text="x").set_cpu_limit("8").set_memory_limit("1Ti").set_accelerator_type("nvidia.com/gpu")
        kubernetes.add_node_selector(task, "disk", "fast")
        kubernetes.add_toleration(task, "gpu", "Exists", effect="NoSchedule")
        kubernetes.set_image_pull_policy(task, "Always")
        kubernetes.use_config_map_as_env(task, "my-map", {"key": "KEY"}, optional=True)

    assert execute(pipeline).output("say") == "x"


def test_creating_a_volume_claim_is_refused(execute):
    @dsl.pipeline(name="claiming")
    def pipeline():
        kubernetes.CreatePVC(pvc_name="mine", access_modes=["ReadWriteOnce"], size="1Gi")

    assert "persistent volume claim" in refused(execute, pipeline)["createpvc"].message


def test_a_container_without_a_command_is_refused(execute):
    @dsl.container_component
    def bare():
        return dsl.ContainerSpec("alpine")

    @dsl.pipeline(name="bare")
    def pipeline():
        bare()

    assert refused(execute, pipeline)["bare"].message == "its container has no command"
