"""Whatever is wrong with a pipeline is found, all of it at once, with its path; a sound one has no problem."""

from __future__ import annotations

import datetime
import json

import pytest

from generators.inventory.paths import format_path
from generators.ir import validate

TASKS = "root.dag.tasks"
INPUT = "root.inputDefinitions.parameters.n"
A_LOOP = {"itemInput": "x", "items": {"raw": "[[1]]"}}
BROKEN = [
    ("root.dag.task", {}, "unknown-field", "root.dag.task"),
    ("components", [], "type", "components"),
    (f"{TASKS}.b.componentRef", {}, "missing", f"{TASKS}.b.componentRef"),
    (f"{TASKS}.b.componentRef.name", "comp-z", "reference", f"{TASKS}.b.componentRef.name"),
    (f"{TASKS}.b.dependentTasks", ["z"], "reference", f"{TASKS}.b.dependentTasks[0]"),
    (f"{TASKS}.b.dependentTasks", "a", "type", f"{TASKS}.b.dependentTasks"),
    (f"{TASKS}.b.inputs.parameters.x", {"componentInputParameter": "z"}, "reference", f"{TASKS}.b.inputs.parameters.x"),
    (f"{TASKS}.b.inputs.parameters.x", {"componentInputParameter": "n"}, "type", f"{TASKS}.b.inputs.parameters.x"),
    (f"{TASKS}.b.inputs.parameters", {}, "input", f"{TASKS}.b"),
    (f"{TASKS}.a.dependentTasks", ["b"], "cycle", TASKS),
    (f"{TASKS}.b.triggerPolicy", {"condition": "1 +"}, "condition", f"{TASKS}.b.triggerPolicy.condition"),
    (
        f"{TASKS}.b.triggerPolicy",
        {"condition": "inputs.parameter_values['z'] == 1"},
        "condition",
        f"{TASKS}.b.triggerPolicy.condition",
    ),
    (f"{TASKS}.b.parameterIterator", {"itemInput": "x"}, "missing", f"{TASKS}.b.parameterIterator"),
    (f"{TASKS}.b.parameterIterator", A_LOOP | {"itemInput": "z"}, "loop", f"{TASKS}.b"),
    (
        f"{TASKS}.b.parameterIterator",
        A_LOOP | {"items": {"raw": "{"}},
        "loop",
        f"{TASKS}.b.parameterIterator.items.raw",
    ),
    (f"{TASKS}.b.retryPolicy", {"maxRetryCount": "two"}, "type", f"{TASKS}.b.retryPolicy.maxRetryCount"),
    (f"{TASKS}.b.retryPolicy", {"backoffDuration": "1m"}, "type", f"{TASKS}.b.retryPolicy.backoffDuration"),
    (f"{INPUT}.parameterType", "NOPE", "value", f"{INPUT}.parameterType"),
    (f"{INPUT}.defaultValue", "three", "type", f"{INPUT}.defaultValue"),
    (f"{INPUT}.literals", [1, "two"], "type", f"{INPUT}.literals[1]"),
    ("components.comp-a.executorLabel", "exec-z", "reference", "components.comp-a.executorLabel"),
    ("deploymentSpec.executors.exec-a.container", {}, "missing", "deploymentSpec.executors.exec-a.container"),
    ("deploymentSpec.executors.exec-a", {"importer": {}}, "missing", "deploymentSpec.executors.exec-a.importer"),
    ("deploymentSpec.executors.exec-a", {}, "missing", "deploymentSpec.executors.exec-a"),
    (
        "components.comp-b",
        {"dag": {"tasks": {"again": {"componentRef": {"name": "comp-b"}}}}},
        "cycle",
        "components.comp-b.dag.tasks",
    ),
    (
        f"{TASKS}.b.inputs.parameters.x",
        {"runtimeValue": {"constantValue": {"stringValue": "x"}}},
        "deprecated",
        f"{TASKS}.b.inputs.parameters.x.runtimeValue.constantValue",
    ),
    (
        "deploymentSpec.executors.exec-a.container.command",
        ['{"IfPresent": {}}'],
        "placeholder",
        "deploymentSpec.executors.exec-a.container.command[0]",
    ),
]


def found(spec, platform=None):
    return [(problem.rule, format_path(problem.path)) for problem in validate.problems(spec, platform)]


def test_a_sound_pipeline_has_no_problem(broken):
    assert found(broken("sdkVersion", "kfp-2.17.0")) == []


@pytest.mark.parametrize(("path", "value", "rule", "at"), BROKEN, ids=lambda value: str(value)[:40])
def test_what_is_broken_is_found_at_its_path(broken, path, value, rule, at):
    assert (rule, at) in found(broken(path, value))


def test_all_of_it_is_found_in_one_pass_and_nothing_that_follows_from_it(broken):
    spec = broken(f"{TASKS}.a.componentRef.name", 5)
    spec["root"]["dagg"] = {}
    spec["root"]["inputDefinitions"]["parameters"]["n"]["parameterType"] = "NOPE"

    assert set(found(spec)) == {
        ("type", f"{TASKS}.a.componentRef.name"),
        ("unknown-field", "root.dagg"),
        ("value", f"{INPUT}.parameterType"),
    }


def test_a_misspelt_field_is_told_what_it_may_mean(broken):
    (problem,) = validate.problems(broken(f"{TASKS}.b.retryPolcy", {}))

    assert (problem.found, problem.fix) == ("retryPolcy", "did you mean retryPolicy?")
    assert "retryPolicy" in problem.allowed


@pytest.mark.parametrize("value", [None, True, 5, 1.5, "text", [], [1], {}, {1: 2}, {"root": []}, {"root": {"dag": 1}}])
def test_any_json_at_all_has_problems_and_never_an_exception(value):
    assert validate.problems(value, value)


def test_what_no_reader_could_hold_is_found(broken):
    deep: list = []
    for _ in range(3000):
        deep = [deep]

    for value in (deep, 10**5000, float("nan"), "\ud800", datetime.date(2026, 1, 1), {5: 1}):
        assert found(broken(f"{INPUT}.defaultValue", value)), type(value)


def test_a_pipeline_that_unfolds_without_end_is_refused(broken):
    spec = broken("sdkVersion", "")
    for number in range(40):
        task = {"componentRef": {"name": f"comp-{number + 1}" if number < 39 else "comp-a"}}
        spec["components"][f"comp-{number}"] = {"dag": {"tasks": {"one": task, "two": task}}}
    spec["root"]["dag"]["tasks"]["many"] = {"componentRef": {"name": "comp-0"}}

    assert found(spec) == [("size", "root")]


def test_a_pod_may_not_take_what_is_not_there(broken):
    pod = {
        "secretAsEnv": [{"secretNameParameter": {"componentInputParameter": "gone"}, "keyToEnv": []}],
        "tolerations": [{"tolerationJson": {"runtimeValue": {"constant": "{"}}}],
    }
    settings = {"executors": {"exec-b": pod, "exec-z": {}}}

    problems = found(broken("sdkVersion", ""), {"platforms": {"kubernetes": {"deploymentSpec": settings}}})

    at = "platforms.kubernetes.deploymentSpec.executors"
    assert set(problems) == {
        ("reference", f"{at}.exec-z"),
        ("reference", f"{at}.exec-b.secretAsEnv[0].secretNameParameter"),
        ("value", f"{at}.exec-b.tolerations[0].tolerationJson.runtimeValue.constant"),
    }


def test_an_engine_goes_on_with_the_part_that_is_sound(broken):
    spec = broken(f"{TASKS}.b.retryPolcy", {})

    sound, platform = validate.sound_part(spec, None, validate.problems(spec))

    assert validate.problems(sound, platform) == []
    assert "retryPolcy" not in json.dumps(sound)


def test_a_problem_is_a_finding_of_its_file_at_its_line(broken):
    problems = validate.problems(broken("root.dag.task", {}))

    (finding,) = validate.findings(problems, "pipeline.yaml", lambda path: len(path))

    assert (finding.check, finding.rule, str(finding.place)) == ("ir", "unknown-field", "pipeline.yaml:3:1")


@pytest.mark.parametrize(
    ("pod", "rule"),
    [
        ({"pvcMount": [{"constant": "c", "mountPath": "/d"}], "emptyDirMounts": [{"mountPath": "/d/"}]}, "mount"),
        ({"tolerations": [{"key": "gpu", "operator": "Exists", "value": "x"}]}, "toleration"),
        ({"tolerations": [{"operator": "Equal", "value": "x"}]}, "toleration"),
        (
            {"tolerations": [{"key": "g", "operator": "Exists", "effect": "NoSchedule", "tolerationSeconds": 5}]},
            "toleration",
        ),
        ({"emptyDirMounts": [{"mountPath": "/d", "sizeLimit": "４Gi"}]}, "form"),
        ({"emptyDirMounts": [{"mountPath": "/d", "sizeLimit": "1e1.5"}]}, "form"),
        ({"fieldPathAsEnv": [{"name": "A", "fieldPath": "metadata.annotations['a b']"}]}, "form"),
    ],
)
def test_what_kubernetes_would_refuse_of_a_pod_is_refused(broken, pod, rule):
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-b": pod}}}}}

    assert [each for each, _ in found(broken("sdkVersion", ""), platform)] == [rule]


@pytest.mark.parametrize("image", ["BUSY:x:y", ":", "büsy", "a b", "a:", "a@sha256:12"])
def test_a_text_that_is_no_image_is_refused(broken, image):
    at = "deploymentSpec.executors.exec-b.container.image"

    assert found(broken(at, image)) == [("form", at)]


@pytest.mark.parametrize(
    "image", ["python", "python:3.12", f"r.io:5000/a_b/c@sha256:{'0' * 64}", f"a/b:v1@sha256:{'a' * 64}", "localhost/a"]
)
def test_an_image_has_a_registry_a_path_a_tag_and_a_digest(broken, image):
    assert found(broken("deploymentSpec.executors.exec-b.container.image", image)) == []


def test_a_back_off_that_shrinks_below_nothing_is_refused(broken):
    at = f"{TASKS}.b.retryPolicy"
    assert found(broken(at, {"backoffFactor": -2.0})) == [("type", f"{at}.backoffFactor")]


@pytest.mark.parametrize("duration", ["１０s", "999999999999s"])
def test_a_duration_that_no_engine_can_count_is_refused(broken, duration):
    assert found(broken(f"{TASKS}.b.retryPolicy", {"backoffDuration": duration})) == [
        ("type", f"{TASKS}.b.retryPolicy.backoffDuration")
    ]


def test_a_parameter_and_an_artifact_of_one_name_are_refused(broken):
    spec = broken("components.comp-a.outputDefinitions.artifacts", {"out": {"artifactType": {}}})

    assert ("name", "components.comp-a.outputDefinitions") in found(spec)


def test_a_deadline_that_kubernetes_would_not_take_is_found(broken):
    pods = {"exec-a": {"activeDeadlineSeconds": "8639913600"}}
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": pods}}}}

    (problem,) = validate.problems(broken("sdkVersion", ""), platform)

    assert "2147483647 at the most" in problem.message
