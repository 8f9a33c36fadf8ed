"""What the PlatformSpec says is refused, all of it, at the line that asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.engines.vertex import settings
from generators.ir.validate import descriptors
from generators.ir.view.pod import Pod
from generators.model import Finding

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "vertex.md"
Edit = Callable[[Path, str, str], None]
Told = Callable[[Path], list[Finding]]
STEP = "people/greet: {accelerator: optional}"
POD = {
    "secretAsEnv": [{"secretName": "s", "keyToEnv": [{"secretKey": "k", "envVar": "TOKEN"}]}],
    "podMetadata": {"labels": {"team": "a"}, "annotations": {"note": "b"}},
    "activeDeadlineSeconds": "60",
    "imagePullPolicy": "Always",
}


def test_every_field_that_kfp_knows_is_in_the_list() -> None:
    assert set(settings.OF_POD) == set(descriptors.fields("KubernetesExecutorConfig"))
    assert set(settings.OF_PIPELINE) == set(descriptors.fields("PipelineConfig"))


def test_the_document_has_the_list_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)\.(\w+)` \| (.+) \| (.+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)

    known = {"KubernetesExecutorConfig": settings.OF_POD, "PipelineConfig": settings.OF_PIPELINE}
    listed = [(message, field, *said) for message, fields in known.items() for field, said in fields.items()]
    assert rows == listed


@pytest.mark.parametrize("field", settings.OF_POD)
def test_every_field_of_a_pod_is_refused_by_name(field: str) -> None:
    refused = list(settings.of_pod("train", Pod({field: POD.get(field, [{"mountPath": "/x"}])})))

    assert refused and all(each.step == "train" and each.rule == "platform" for each in refused)
    assert all(settings.OF_POD[field].what in each.message and each.fix and each.found for each in refused)


@pytest.mark.parametrize("field", settings.OF_PIPELINE)
def test_every_setting_of_the_pipeline_is_refused_by_name(field: str) -> None:
    platform = {"platforms": {"kubernetes": {"pipelineConfig": {field: "60"}}}}

    (refused,) = settings.of_platform(platform)

    assert refused.found == field and settings.OF_PIPELINE[field].what in refused.message


def test_what_is_for_another_platform_is_refused() -> None:
    (refused,) = settings.of_platform({"platforms": {"elsewhere": {"deploymentSpec": {}}}})

    assert "for elsewhere" in refused.message


def test_a_whole_environment_is_accepted(environment: Path, told: Told) -> None:
    assert told(environment) == []


@pytest.mark.parametrize(
    ("setting", "path", "found"),
    [
        ("secrets: {TOKEN: {secret: s, key: k}}", "secrets.TOKEN", "TOKEN"),
        ("timeout: 5m", "timeout", "300s"),
        ("labels: {team: a}", "labels.team", "team"),
        ("pull_policy: Always", "pull_policy", "Always"),
    ],
)
def test_a_setting_of_a_step_is_refused_at_its_line(
    environment: Path, edit: Edit, told: Told, setting: str, path: str, found: str
) -> None:
    edit(environment, STEP, f"people/greet: {{{setting}}}")

    (finding,) = told(environment)

    assert finding.path == f"pipelines.greet.steps.people/greet.{path}"
    assert (finding.check, finding.rule, finding.found) == ("capability", "platform", found)
    assert (finding.place.file, finding.place.line) == ("environments/vertex.yml", 22)
    assert '"~people/greet": {...}' in finding.fix


def test_what_a_class_says_is_refused_at_the_class_and_gone_where_the_environment_replaces_the_step(
    environment: Path, edit: Edit, told: Told
) -> None:
    edit(environment, "~if-polite/praise", "if-polite/praise")

    (finding,) = told(environment)

    assert (finding.place.file, finding.place.line) == ("base/pipelines/greet.yml", 12)
    assert finding.path == "pipelines.greet.steps.if-polite/praise.timeout" and "(in vertex)" in finding.message
    edit(environment, "if-polite/praise", "~if-polite/praise")
    assert told(environment) == []


def test_what_the_code_asks_for_is_refused_at_the_line_of_the_code(environment: Path, edit: Edit, told: Told) -> None:
    code = environment.parents[1] / "generators/pipelines/greet.py"
    edit(code, "from kfp import dsl\n", "from kfp import dsl, kubernetes\n")
    edit(
        code,
        "        praise(text=collected.output)",
        '        said = praise(text=collected.output)\n        kubernetes.add_node_selector(said, "pool", "gpu")',
    )

    (finding,) = told(environment)

    assert (finding.place.file, finding.path) == ("generators/pipelines/greet.py", "if-polite/praise")
    assert "praise(" in code.read_text().splitlines()[finding.place.line - 1]
    assert "without a node selector" in finding.message
