"""What is rendered is held against the schemas of its kind, and what has none is not passed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generators.checks import objects
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.model import Finding

ROOT = Path(__file__).resolve().parents[3]
PIPELINE = {
    "apiVersion": "pipelines.kubeflow.org/v2beta1",
    "kind": "Pipeline",
    "metadata": {"name": "greet", "namespace": "ml"},
    "spec": {},
}
SPEC = {"pipelineInfo": {"name": "greet"}, "root": {}, "schemaVersion": "2.1.0"}
VERSION = {**PIPELINE, "kind": "PipelineVersion", "spec": {"pipelineName": "greet", "pipelineSpec": SPEC}}
QUOTA = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": {"name": "q"},
    "spec": {"hard": {"requests.cpu": "1"}},
}

TEMPLATE = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "WorkflowTemplate",
    "metadata": {"name": "greet"},
    "spec": {"entrypoint": "main", "templates": [{"name": "main", "container": {"image": "greeter"}}]},
}

GOOD = {
    "WorkflowTemplate": TEMPLATE,
    "Pipeline": PIPELINE,
    "PipelineVersion": VERSION,
    "ResourceQuota": QUOTA,
    "no object": {"root": {}},
}
BAD = {
    "a name in capitals": ({**PIPELINE, "metadata": {"name": "Greet", "namespace": "ml"}}, "metadata.name"),
    "no namespace": ({**PIPELINE, "metadata": {"name": "greet"}}, "metadata"),
    "an unknown field": ({**PIPELINE, "spec": {"pipelineSpec": {}}}, "spec.pipelineSpec"),
    "another schema version": (
        {**VERSION, "spec": {"pipelineName": "greet", "pipelineSpec": {**SPEC, "schemaVersion": "2.0.0"}}},
        "spec.pipelineSpec.schemaVersion",
    ),
    "a version of no pipeline": ({**VERSION, "spec": {"pipelineSpec": SPEC}}, "spec"),
    "a misspelt field of Argo": ({**TEMPLATE, "spec": {"entrypont": "main"}}, "spec.entrypont"),
    "a wrong type in Argo": ({**TEMPLATE, "spec": {"parallelism": "x"}}, "spec.parallelism"),
    "a misspelt field of Kubernetes": ({**QUOTA, "spec": {"hrad": {}}}, "spec.hrad"),
}


@pytest.fixture(scope="module")
def schemas(own_cache: Path) -> str:
    return objects.load_inputs(Repository(ROOT), Cache.of_user())


def _check(obj: dict[str, Any], schemas: str) -> list[Finding]:
    return list(objects.check_objects(RenderedUnit({"x.yaml": [obj]}), schemas))


@pytest.mark.parametrize("name", GOOD)
def test_a_good_object_passes(name: str, schemas: str) -> None:
    assert _check(GOOD[name], schemas) == []


@pytest.mark.parametrize("name", BAD)
def test_a_bad_object_is_refused_at_its_path(name: str, schemas: str) -> None:
    obj, path = BAD[name]

    findings = _check(obj, schemas)

    assert [finding.path for finding in findings] == [path]
    assert findings[0].failing


def test_a_kind_without_a_schema_is_reported_as_not_checked(schemas: str) -> None:
    (finding,) = _check({"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w"}}, schemas)

    assert (finding.verdict, finding.fix) == ("unchecked", "add schemas/objects/example.org/Widget.schema.json")


APPLICATION = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "a"}, "spec": {}}
OF_SPEC = {"type": "object", "required": ["spec"], "properties": {"spec": {"type": "object", "required": ["project"]}}}


def _write(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True)
    (root / name).write_text(json.dumps(OF_SPEC))


def test_a_kind_that_shares_a_group_with_argo_workflows_has_a_schema_of_its_own(
    tmp_path: Path, own_cache: Path
) -> None:
    _write(tmp_path, "schemas/objects/argoproj.io/Application.schema.json")
    schemas = objects.load_inputs(Repository(tmp_path), Cache.of_user())

    (finding,) = _check(APPLICATION, schemas)

    assert (finding.verdict, finding.path) == ("invalid", "spec")
    assert _check({**APPLICATION, "spec": {"project": "p"}}, schemas) == []


def test_a_schema_is_of_one_group(tmp_path: Path, own_cache: Path) -> None:
    _write(tmp_path, "schemas/objects/app.k8s.io/Application.schema.json")

    (finding,) = _check(APPLICATION, objects.load_inputs(Repository(tmp_path), Cache.of_user()))

    assert (finding.verdict, finding.fix) == ("unchecked", "add schemas/objects/argoproj.io/Application.schema.json")


def test_another_version_of_argo_s_is_not_checked_by_the_schema_of_this_one(schemas: str) -> None:
    (finding,) = _check({**TEMPLATE, "apiVersion": "argoproj.io/v1"}, schemas)

    assert finding.verdict == "unchecked"


def test_a_schema_that_is_not_looked_for_is_refused(tmp_path: Path, own_cache: Path) -> None:
    _write(tmp_path, "schemas/objects/Widget.schema.json")

    with pytest.raises(GraftError, match="is not where a schema of objects is looked for") as caught:
        objects.load_inputs(Repository(tmp_path), Cache.of_user())
    assert "schemas/objects/<group>/<Kind>.schema.json" in caught.value.fix
