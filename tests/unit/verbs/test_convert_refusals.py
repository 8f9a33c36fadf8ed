"""`graft convert` refuses what is no sound pipeline, or what an engine cannot run, each at its line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generators.errors import GraftError, Refused, Unreadable
from generators.inventory.paths import parse_path
from generators.ir.definitions import from_text
from generators.verbs.convert import Wanted, convert

TINY = Path(__file__).resolve().parents[2] / "tiny"
(DEFINITION,) = (TINY / "definitions/greet").glob("*.json")
GREET = from_text("greet", DEFINITION.read_text())


@pytest.mark.parametrize("text", ["", "a: b", "{", "[1, 2]", "kind: Pipeline\nspec: {}"])
def test_what_is_no_compiled_pipeline_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(GraftError) as refused:
        convert(text, "greet.yaml")

    assert "greet.yaml" in refused.value.message and "kfp's compiler" in refused.value.fix


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps({**GREET.spec, "schemaVersion": "2.0.0"}), "has the schemaVersion 2.0.0; 2.1.0 is wanted"),
        (json.dumps({k: v for k, v in GREET.spec.items() if k != "schemaVersion"}), "it may be cut off"),
        ("a: &a [x]\nb: [*a, *a]\n", "has YAML aliases"),
        ("[" * 100_000, "greet.yaml"),
    ],
)
def test_what_cannot_be_read_safely_is_refused(text: str, words: str) -> None:
    with pytest.raises(GraftError) as refused:
        convert(text, "greet.yaml")

    assert words in refused.value.message and refused.value.fix


def test_a_manifest_of_another_kind_is_told_once() -> None:
    with pytest.raises(Unreadable) as refused:
        convert('{"apiVersion": "argoproj.io/v1alpha1", "kind": "WorkflowTemplate", "spec": {}}', "greet.yaml")

    (finding,) = refused.value.findings
    assert finding.found == "WorkflowTemplate"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_bytes(b"# \xb6\n")

    done = subprocess.run(
        [Path(sys.executable).with_name("graft"), "convert", tmp_path / "pipeline.yaml"], capture_output=True, text=True
    )

    assert done.returncode == 2 and "is not text in UTF-8" in done.stderr


def _spec_with(path: str, value: object) -> dict:
    spec = json.loads(json.dumps(GREET.spec))
    *parents, last = path.split(".")
    place = spec
    for key in parents:
        place = place.setdefault(key, {})
    place[last] = value
    return spec


PLATFORM = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-collect": {}}}}}}
PASSED_OVER = {
    "a PlatformSpec that is text": json.dumps({"pipelineSpec": GREET.spec, "platformSpec": "x"}),
    "a PlatformSpec that is a list": json.dumps({"pipelineSpec": GREET.spec, "platformSpec": [PLATFORM]}),
    "a misspelt PlatformSpec": json.dumps({"pipelineSpec": GREET.spec, "platformSpecs": PLATFORM}),
    "a misspelt platform": json.dumps({"pipelineSpec": GREET.spec, "platformSpec": {"platforms": {"kubernets": {}}}}),
    "two PlatformSpecs": yaml.safe_dump_all([GREET.spec, PLATFORM, PLATFORM]),
    "a document of nothing": yaml.safe_dump(GREET.spec) + "---\n",
    "a document without content": yaml.safe_dump_all([GREET.spec, {}]),
    "a document of something else": yaml.safe_dump_all([GREET.spec, {"platform": PLATFORM["platforms"]}]),
    "an object of something else": yaml.safe_dump_all([GREET.spec, {"kind": "ConfigMap", "spec": {}}]),
    "a pod of no executor": yaml.safe_dump_all(
        [GREET.spec, json.loads(json.dumps(PLATFORM).replace("exec-collect", "exec-colect"))]
    ),
    "a field of a PipelineVersion": json.dumps({"kind": "PipelineVersion", "spec": {"pipelineSpc": {}}}),
    "a value of no parameter": json.dumps(
        {"pipelineSpec": GREET.spec, "runtimeConfig": {"parameterValues": {"wrd": "Hi"}}}
    ),
    "a value of another type": json.dumps(
        {"pipelineSpec": GREET.spec, "runtimeConfig": {"parameterValues": {"times": "Hi"}}}
    ),
    "a setting of a PipelineJob": json.dumps({"pipelineSpec": GREET.spec, "runtimeConfig": {"failurePolicy": "x"}}),
    "a task that is null": json.dumps(_spec_with("root.dag.tasks.collect", None)),
    "an argument of no input": json.dumps(
        _spec_with("root.dag.tasks.collect.inputs.parameters.extra", {"runtimeValue": {"constant": "x"}})
    ),
    "a misspelt field that is null": json.dumps(_spec_with("root.dag.tasks.collect.retryPolcy", None)),
    "a PlatformSpec of no platform": yaml.safe_dump_all([GREET.spec, {"platforms": {}}]),
    "a PlatformSpec of null": yaml.safe_dump_all([GREET.spec, {"platforms": None}]),
    "a component that is not there": json.dumps(_spec_with("root.dag.tasks.collect.componentRef.name", "comp-x")),
    "a dependency that is not there": json.dumps(_spec_with("root.dag.tasks.collect.dependentTasks", ["x"])),
    "a null pipelineInfo": json.dumps(_spec_with("pipelineInfo", None)),
    "a key that is there twice in JSON": json.dumps(GREET.spec)[:-1] + ', "sdkVersion": "x"}',
    "a key that is there twice in YAML": yaml.safe_dump(GREET.spec) + "sdkVersion: x\n",
    "a merge key": yaml.safe_dump(GREET.spec) + "<<: {sdkVersion: x}\n",
    "a tag": yaml.safe_dump(GREET.spec) + "defaultPipelineRoot: !!str s3://x\n",
}


@pytest.mark.parametrize("target", ["argo", "kubeflow"])
@pytest.mark.parametrize("what", PASSED_OVER)
def test_nothing_that_a_file_holds_is_passed_over(what: str, target: str) -> None:
    with pytest.raises(Refused) as refused:
        convert(PASSED_OVER[what], "greet.yaml", Wanted(to=target))

    assert {finding.place.file for finding in refused.value.findings} == {"greet.yaml"}
    assert all(finding.fix for finding in refused.value.findings)


HOSTILE = {
    "an alias with a dash": ("a: &-a [1]\nb: *-a\n", "alias", 2),
    "a list in a list without end": ("a:\n" + "- " * 30_000, "depth", 2),
    "brackets without end": ("[" * 100_000, "depth", 1),
    "deep JSON": ('{"root":\n' * 5000 + "1" + "}" * 5000, "depth", 201),
    "a long number in JSON": ('{"root": 1,\n"n": ' + "9" * 5000 + "}", "number-range", 2),
    "a long number in YAML": ("root: 1\nn: " + "9" * 5000, "number-range", 2),
    "a date that is none": ("a: 2024-13-45\n", "scalar", 1),
    "a zero byte": ('a: 1\nb: "\0"\n', "control-character", 2),
    "half of a character": ('a: 1\nb: "\\ud800"\n', "syntax", 2),
    "a mapping as a key": ("a: 1\n? {b: 1}\n: c\n", "key", 2),
    "YAML that is none": ("a: 1\nb: c: d\n", "syntax", 2),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_text_is_refused_at_its_line(what: str) -> None:
    text, rule, line = HOSTILE[what]

    with pytest.raises(Unreadable) as refused:
        convert(text, "greet.yaml")

    (finding,) = refused.value.findings
    assert (finding.rule, finding.place.file, finding.place.line) == (rule, "greet.yaml", line)
    assert finding.fix


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("deploymentSpec.executors.exec-collect.container.image", -1),
        ("deploymentSpec.executors.exec-collect.container.image", "two words"),
        ("deploymentSpec.executors.exec-collect.container.args", ["a\0b"]),
        ("deploymentSpec.executors.exec-collect.container.resources", {"resourceMemoryLimit": "../x"}),
        ("deploymentSpec.executors.exec-collect.container.resources", {"resourceMemoryLimit": "8"}),
        ("deploymentSpec.executors.exec-collect.container.resources", {"resourceMemoryRequest": "500m"}),
        ("defaultPipelineRoot", "gs://Bucket/x"),
        ("deploymentSpec.executors.exec-collect.container.env", [{"name": "a b", "value": "x"}]),
        ("root.dag.tasks.collect.retryPolicy", {"backoffMaxDuration": "../x"}),
        ("root.inputDefinitions.parameters.word.parameterType", "NOPE"),
        ("components.\ud800", {"executorLabel": "exec-collect"}),
    ],
)
@pytest.mark.parametrize("target", ["argo", "kubeflow"])
def test_what_no_cluster_takes_is_refused_at_its_line(path: str, value: object, target: str) -> None:
    text = json.dumps(_spec_with(path, value), indent=1)

    with pytest.raises(Refused) as refused:
        convert(text, "greet.json", Wanted(to=target))

    (finding,) = refused.value.findings
    last = parse_path(finding.path)[-1]
    assert isinstance(last, int) or json.dumps(last) in text.splitlines()[finding.place.line - 1]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (
            "deploymentSpec.executors.exec-greet.container.env",
            [{"name": "GRAFT_BRACE", "value": "x"}],
            "graft sets the variable GRAFT_BRACE",
        ),
        ("deploymentSpec.executors.exec-greet.container.image", "{{workflow.name}}", "tag of its own|is not an image"),
    ],
)
def test_what_argo_would_read_as_its_own_is_refused(path: str, value: object, words: str) -> None:
    with pytest.raises(Refused) as refused:
        convert(json.dumps(_spec_with(path, value)), "greet.yaml")

    assert any(re.search(words, finding.message) for finding in refused.value.findings)


@pytest.mark.parametrize(
    ("pod", "words"),
    [
        ({"podMetadata": {"annotations": {"a": "{{workflow.name}}"}}}, "Argo would read '{{workflow.name}}'"),
        ({"pvcMount": [{"constant": "c", "mountPath": "/c", "subPath": "{{pod.name}}"}]}, "Argo would read"),
        ({"emptyDirMounts": [{"volumeName": "graft-outputs", "mountPath": "/x"}]}, "graft mounts /x or its volume"),
        ({"emptyDirMounts": [{"mountPath": "/graft/outputs"}]}, "graft mounts /graft/outputs"),
        ({"fieldPathAsEnv": [{"name": "GRAFT_BRACE", "fieldPath": "metadata.name"}]}, "the variable GRAFT_BRACE"),
    ],
)
def test_what_argo_would_read_as_its_own_in_a_platform_spec_is_refused(pod: dict, words: str) -> None:
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-greet": pod}}}}}
    with pytest.raises(Refused) as refused:
        convert(yaml.safe_dump_all([_spec_with("sdkVersion", "kfp-2.17.0"), platform]), "greet.yaml")

    assert any(words in finding.message for finding in refused.value.findings)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("root.dag.tasks.collect.retryPolicy", {"maxRetryCount": 2, "backoffFactor": 1.5}, "backoffFactor: 1.5"),
        ("defaultPipelineRoot", "oci://bucket/x", "defaultPipelineRoot: oci://bucket/x"),
        ("root.inputDefinitions.artifacts.model.artifactType.schemaTitle", "system.Model", "model:"),
        ("root.dag.tasks.condition-2.triggerPolicy.condition", "size('a') > 0", "condition: size('a') > 0"),
        ("components.comp-collect.singlePlatformSpecs", [{"platform": "kubernetes"}], "singlePlatformSpecs:"),
        ("deploymentSpec.executors.exec-collect.container.lifecycle", {"preCacheCheck": {"args": ["x"]}}, "lifecycle:"),
        (
            "components.comp-collect.outputDefinitions.artifacts.page.properties",
            {"a": {"constant": "x"}},
            "properties:",
        ),
        (
            "deploymentSpec.executors.exec-collect.container.env",
            [{"name": "WORD", "value": "{{$.inputs.parameters['greetings']}}"}],
            "env:",
        ),
    ],
)
def test_what_argo_cannot_run_stands_at_the_line_that_asks_for_it(path: str, value: object, line: str) -> None:
    text = yaml.safe_dump(_spec_with(path, value), sort_keys=False, width=1000)

    with pytest.raises(Refused) as refused:
        convert(text, "greet.yaml")

    (finding,) = refused.value.findings
    assert text.splitlines()[finding.place.line - 1].strip() == line
    assert finding.fix


def test_what_is_said_for_another_platform_stands_at_its_name() -> None:
    text = yaml.safe_dump_all([GREET.spec, {"platforms": {"mainframe": {}}}])

    with pytest.raises(Refused) as refused:
        convert(text, "greet.yaml")

    assert [text.splitlines()[finding.place.line - 1].strip() for finding in refused.value.findings] == [
        "mainframe: {}"
    ]


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("deploymentSpec.executors.exec-collect.container.resources", {"resourceCpuRequest": "4"}, "resources:"),
        ("deploymentSpec.executors.exec-collect.container.env", [{"name": "A", "value": "$(B)"}], "env:"),
        ("root.inputDefinitions.parameters.times.defaultValue", 2**60, "times:"),
        ("root.inputDefinitions.artifacts.model.artifactType.schemaTitle", "system.Model", "model:"),
        ("pipelineInfo.name", "Greet", "name: Greet"),
        ("defaultPipelineRoot", "s3://bucket/x", "defaultPipelineRoot: s3://bucket/x"),
    ],
)
def test_what_vertex_cannot_run_stands_at_the_line_that_asks_for_it(path: str, value: object, line: str) -> None:
    spec = {"defaultPipelineRoot": "gs://bucket/x", **_spec_with(path, value)}
    text = yaml.safe_dump(spec, sort_keys=False, width=1000)

    with pytest.raises(Refused) as refused:
        convert(text, "greet.yaml", Wanted(to="vertex"))

    (finding,) = refused.value.findings
    assert text.splitlines()[finding.place.line - 1].strip() == line


def test_what_a_pod_has_and_vertex_has_not_stands_in_the_platform_spec() -> None:
    pods = {
        "platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-collect": {"imagePullPolicy": "Always"}}}}}
    }
    text = yaml.safe_dump_all([{**GREET.spec, "defaultPipelineRoot": "gs://bucket/x"}, pods])

    with pytest.raises(Refused) as refused:
        convert(text, "greet.yaml", Wanted(to="vertex"))

    lines = [text.splitlines()[finding.place.line - 1].strip() for finding in refused.value.findings]
    assert lines == ["imagePullPolicy: Always"]
