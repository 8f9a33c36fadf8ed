"""Argo CD applies what objects need before them, and what another Application has is known to be tried again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generators.checks import order
from generators.checks.order import retried, violations
from generators.checks.references import name_of
from generators.checks.sync import in_order
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.verbs import check

RBAC = "rbac.authorization.k8s.io/v1"


def _object(
    api_version: str, kind: str, name: str, wave: str = "", hook: str = "", namespace: str = "ml", **body: Any
) -> Any:
    annotations = {"sync-wave": wave, "hook": hook}
    found = {f"argocd.argoproj.io/{key}": value for key, value in annotations.items() if value}
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {}), "annotations": found},
        **body,
    }


ACCOUNT = _object("v1", "ServiceAccount", "pipelines")
ROLE = _object(RBAC, "Role", "pipelines", rules=[])
BINDING = _object(
    RBAC,
    "RoleBinding",
    "a-first",
    roleRef={"kind": "Role", "name": "pipelines"},
    subjects=[{"kind": "ServiceAccount", "name": "pipelines", "namespace": "ml"}],
)
CONFIG = _object("v1", "ConfigMap", "settings", data={})
POD = {"containers": [{"name": "main", "envFrom": [{"configMapRef": {"name": "settings"}}]}]}
JOB = _object("batch/v1", "Job", "run", spec={"template": {"spec": POD}})
VERSION = _object("pipelines.kubeflow.org/v2beta1", "PipelineVersion", "a-1", spec={"pipelineName": "greet"})
PIPELINE = _object("pipelines.kubeflow.org/v2beta1", "Pipeline", "greet", spec={})


def _names(objects: list[Any]) -> list[str]:
    return [f"{obj['kind']} {obj['metadata']['name']}" for obj in objects]


def test_kinds_names_waves_and_phases_decide_in_that_order_from_behind() -> None:
    later, earlier = _object("v1", "ConfigMap", "b", wave="2"), _object("batch/v1", "Job", "z", wave="-1")
    before, after = _object("batch/v1", "Job", "x", hook="PreSync"), _object("v1", "Secret", "y", hook="PostSync")

    found = in_order([after, later, JOB, CONFIG, earlier, before, _object("v1", "ConfigMap", "a"), PIPELINE])

    assert _names(found) == [
        "Job x", "Job z", "ConfigMap a", "ConfigMap settings", "Job run", "Pipeline greet", "ConfigMap b", "Secret y",
    ]  # fmt: skip


def test_a_namespace_and_a_definition_move_before_what_is_in_them_or_of_them() -> None:
    namespace = _object("v1", "Namespace", "ml", wave="5", namespace="")
    definition = _object(
        "apiextensions.k8s.io/v1", "CustomResourceDefinition", "w.x.org", wave="3", namespace="",
        spec={"group": "x.org", "names": {"kind": "W"}},
    )  # fmt: skip
    widget = _object("x.org/v1", "W", "one")

    assert _names(in_order([widget, definition, namespace])) == [
        "Namespace ml",
        "CustomResourceDefinition w.x.org",
        "W one",
    ]


@pytest.mark.parametrize("objects", [[BINDING, ROLE, ACCOUNT], [JOB, CONFIG], [PIPELINE, CONFIG]])
def test_what_stands_in_order_has_no_finding(objects: list[Any]) -> None:
    assert list(violations(objects)) == []


def _with_wave(obj: Any, wave: str) -> Any:
    annotations = {"argocd.argoproj.io/sync-wave": wave}
    return {**obj, "metadata": {**obj["metadata"], "annotations": annotations}}


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([JOB, _with_wave(CONFIG, "1")], ("Job run", "ConfigMap settings")),
        ([_with_wave(BINDING, "-1"), ROLE, _with_wave(ACCOUNT, "-1")], ("RoleBinding a-first", "Role pipelines")),
        ([VERSION, _with_wave(PIPELINE, "1")], ("PipelineVersion a-1", "Pipeline greet")),
    ],
)
def test_what_is_applied_before_what_it_needs_is_found(objects: list[Any], expected: tuple[str, str]) -> None:
    assert [(str(name_of(obj)), str(name_of(other))) for obj, other in violations(objects)] == [expected]


def test_the_finding_says_which_wave_would_do() -> None:
    (finding,) = order.check_objects(RenderedUnit({"run.yaml": [JOB], "config.yaml": [_with_wave(CONFIG, "1")]}))

    assert (finding.check, finding.place.file, finding.found) == ("order", "run.yaml", "wave 0, before wave 1")
    assert finding.message == "Job run is applied before ConfigMap settings, which it needs"
    assert 'sync-wave: "2"' in finding.fix


def test_what_another_application_has_is_tried_again() -> None:
    found = list(retried({"run": [JOB], "platform": [CONFIG]}))

    assert [(here, str(name), str(other), there) for here, name, other, there in found] == [
        ("run", "Job run", "ConfigMap settings", "platform")
    ]


def test_a_secret_that_an_external_secret_makes_is_there_with_it() -> None:
    pod = {"containers": [], "imagePullSecrets": [{"name": "registry"}]}
    job = _object("batch/v1", "Job", "run", wave="1", spec={"template": {"spec": pod}})
    secret = _object("external-secrets.io/v1", "ExternalSecret", "pull", spec={"target": {"name": "registry"}})

    assert list(violations([job, secret])) == []
    assert len(list(violations([_with_wave(job, "-1"), secret]))) == 1


def test_what_is_rendered_is_in_order(tiny: Path) -> None:
    assert [finding for finding in check.check(Repository(tiny)) if finding.check == "order"] == []
