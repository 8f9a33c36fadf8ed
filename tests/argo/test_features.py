"""The table of what the IR can say and its form in Argo is whole, is what the code does, and is shown by the cases."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from generators.engines.argo import workflow_template
from generators.engines.argo.features import FEATURES, named
from generators.errors import Refused
from generators.ir.validate import descriptors

import suite

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "argo.md"
EXPRESSED = [feature for feature in FEATURES if not feature.reason]
# Fields that kfp 2.17 does not write, or only for a cluster of some provider; other compilers do. Unit tests show them.
OF_OTHER_COMPILERS = {
    "ArtifactTypeSchema.instanceSchema",
    "ArtifactTypeSchema.schemaUri",
    "ConfigMapAsEnv.configMapName",
    "GenericEphemeralVolume.defaultStorageClass",
    "PipelineDeploymentConfig.ImporterSpec.downloadToWorkspace",
    "ComponentInputsSpec.ArtifactSpec.description",
    "ComponentInputsSpec.ParameterSpec.type",
    "NodeAffinityTerm.matchFields",
    "ComponentOutputsSpec.ArtifactSpec.description",
    "ComponentOutputsSpec.ArtifactSpec.metadata",
    "ComponentOutputsSpec.ParameterSpec.description",
    "ComponentOutputsSpec.ParameterSpec.type",
    "SecretAsEnv.secretName",
    "SinglePlatformSpec.platform",
}
# Where a field has to stand to be seen, and in it what a pipeline of any SDK would write.
TASK = ("root", "dag", "tasks", "say")
EXECUTOR = ("deploymentSpec", "executors", "exec-say")
WITHOUT_EQUIVALENT = {
    "deprecated": [
        ((*TASK, "inputs", "parameters", "text", "runtimeValue", "constantValue"), {"stringValue": "x"}),
        (("components", "comp-say", "outputDefinitions", "artifacts", "a", "properties"), {"p": {"constant": "x"}}),
    ],
    "lifecycle": [((*EXECUTOR, "container", "lifecycle"), {"preCacheCheck": {"command": ["true"]}})],
    "executor": [
        ((*EXECUTOR, "resolver"), {"outputArtifactQueries": {}}),
        ((*EXECUTOR, "customJob"), {"customJob": {}}),
    ],
    "task-config": [(("components", "comp-say", "taskConfigPassthroughs"), [{"field": "RESOURCES"}])],
    "platform": [(("components", "comp-say", "singlePlatformSpecs"), [{"platform": "kubernetes"}])],
    "unknown-field": [((*TASK, "retryPolcy"), {"maxRetryCount": 2}), (("root", "dag", "task"), {"a": {}})],
}


def test_every_field_that_kfp_knows_is_in_the_table():
    known = {f"{message}.{field}" for message in descriptors.messages() for field in descriptors.fields(message)}

    assert {field for feature in FEATURES for field in named(feature)} == known


def test_the_document_has_the_table_of_the_code():
    rows = re.findall(r"^\| (.+?) \| (.+) \| ((?:`[A-Z][\w.]*` ?)+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    table = [(name, form, " ".join(re.findall(r"`([\w.]+)`", own))) for name, form, own in rows]
    refused = "refused: `{}`"

    assert table == [
        (feature.name, refused.format(feature.reason) if feature.reason else feature.form, feature.fields)
        for feature in FEATURES
    ]


@pytest.mark.parametrize("feature", EXPRESSED, ids=lambda feature: feature.name)
def test_a_case_shows_the_feature_in_the_form_that_the_table_gives_it(feature):
    wanted = set(re.findall(r"`([a-zA-Z]+)`", feature.form)) - {"kubernetes"}
    shown = [name for name in manifests() if written(name) & set(named(feature))]

    assert shown, f"no case of tests/argo/cases has any of {feature.fields}"
    assert any(all(word in manifests()[name] for word in wanted) for name in shown), wanted


def test_no_field_is_without_a_case_or_a_reason():
    refused = {field for feature in FEATURES if feature.reason for field in named(feature)}
    expressed = {field for feature in EXPRESSED for field in named(feature)}
    shown = set().union(*(written(name) for name in suite.NAMES))

    assert expressed - refused - shown == OF_OTHER_COMPILERS


@pytest.mark.parametrize(
    ("reason", "path", "value"),
    [(reason, path, value) for reason, places in WITHOUT_EQUIVALENT.items() for path, value in places],
    ids=lambda item: ".".join(item) if isinstance(item, tuple) else "",
)
def test_what_has_no_equivalent_is_refused_and_never_dropped(reason, path, value):
    spec, platform = json.loads(json.dumps(suite.compiled("caching-off")))
    *parents, last = path
    place = spec
    for name in parents:
        place = place.setdefault(name, {})
    if last in ("resolver", "customJob"):
        place.pop("container")
    place[last] = value

    with pytest.raises(Refused) as refused:
        workflow_template.convert(spec, platform)

    assert reason in {finding.rule for finding in refused.value.findings}
    assert all(finding.path for finding in refused.value.findings)


def test_what_is_for_another_platform_is_refused():
    with pytest.raises(Refused) as refused:
        workflow_template.convert(suite.compiled("caching-off")[0], {"platforms": {"vertex": {"deploymentSpec": {}}}})

    assert [finding.rule for finding in refused.value.findings] == ["platform"]


@cache
def manifests():
    return {name: json.dumps(suite.converted(name)) for name in suite.NAMES if not suite.expected(name).refused}


@cache
def written(name):
    spec, platform = suite.compiled(name)
    return {*fields(spec, descriptors.PIPELINE), *fields(platform, descriptors.PLATFORM)}


def fields(document, message):
    """The fields with a value in a document, each as `Message.field`."""
    for name, value in document.items():
        field = descriptors.fields(message)[name]
        yield from () if value is None else (f"{message}.{name}",)
        if field.message:
            listed = {descriptors.LIST: value, descriptors.SINGLE: [value]}
            for item in value.values() if field.shape == descriptors.MAPPING else listed[field.shape]:
                yield from fields(item, field.message)
