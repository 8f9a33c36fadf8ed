"""What is rendered is held against the schemas of its kind, and what has none is not passed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generators.checks import objects
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

    assert (finding.verdict, finding.fix) == ("unchecked", "add schemas/objects/Widget.schema.json")
