"""What is rendered is held against the IR that it was made of: an engine's mistake is a finding that names it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generators.checks import parity
from generators.engines import argo
from generators.engines.engine import Files, Rendered, Target
from generators.engines.registry import ENGINES
from generators.fleet.cache import Cache
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.ir.definitions import Definition, from_text
from generators.ir.normal_form import Difference, Shape, Task
from generators.ir.overlay import overlay
from generators.model import Cluster, Database, Environment, Finding, Pipeline, Storage
from generators.output import report
from generators.verbs import check

ROOT = Path(__file__).resolve().parents[3]
FILE = "workflowtemplate.yaml"
CLUSTER = Cluster("prod-us", "argo")
ENVIRONMENT = Environment(
    name="prod",
    namespace="ml-prod",
    database=Database("postgresql://mlflow@db.test/mlflow"),
    storage=Storage("s3://ml-prod"),
    registry="registry.test",
    images={},
    clusters=(CLUSTER,),
    pipelines=(),
)
Overlaid = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def definition() -> Definition:
    (file, *_) = sorted((ROOT / "definitions/transfer-learning").glob("*.json"))
    return from_text("transfer-learning", file.read_text("utf-8"))


@pytest.fixture(scope="module")
def overlaid(definition: Definition) -> Overlaid:
    return overlay(definition, ENVIRONMENT, CLUSTER, Pipeline("transfer-learning"))


def _files(engine: str, definition: Definition, overlaid: Overlaid) -> Files:
    target = Target(definition, ENVIRONMENT, CLUSTER, Pipeline("transfer-learning"))
    return ENGINES[engine].render(target, *overlaid).files


@pytest.fixture
def template(definition: Definition, overlaid: Overlaid) -> dict[str, Any]:
    ((found,),) = _files("argo", definition, overlaid).values()
    return copy.deepcopy(found)


def _compared(files: Files, overlaid: Overlaid, engine: str = "argo") -> list[Finding]:
    return list(parity.check_objects(RenderedUnit(files, (), engine, *overlaid)))


def _named(template: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in template["spec"]["templates"] if each["name"] == name)


def test_what_says_the_same_as_its_ir_has_no_findings(
    definition: Definition, overlaid: Overlaid, template: dict[str, Any]
) -> None:
    assert _compared({FILE: [template]}, overlaid) == []
    assert _compared(_files("kubeflow", definition, overlaid), overlaid, "kubeflow") == []


Sabotage = Callable[[dict[str, Any]], None]


def _drop_an_edge(template: dict[str, Any]) -> None:
    for task in _named(template, "pipeline")["dag"]["tasks"]:
        if task["name"] == "variants":
            task["depends"] = "fetch-data.Succeeded"


def _drop_a_task(template: dict[str, Any]) -> None:
    dag = _named(template, "pipeline")["dag"]
    dag["tasks"] = [task for task in dag["tasks"] if task["name"] != "gate"]


def _change_an_image(template: dict[str, Any]) -> None:
    _named(template, "pick")["container"]["image"] = "other:1"


def _change_a_variable(template: dict[str, Any]) -> None:
    container = _named(template, "pick")["container"]
    container["env"] = [*container.get("env", []), {"name": "GRAFT_ENVIRONMENT", "value": "staging"}]


def _change_a_resource(template: dict[str, Any]) -> None:
    _named(template, "pick")["container"]["resources"] = {"limits": {"cpu": "64"}}


def _change_a_default(template: dict[str, Any]) -> None:
    parameters = template["spec"]["arguments"]["parameters"]
    next(each for each in parameters if each["name"] == "epochs")["value"] = "1"


def _change_a_branch(template: dict[str, Any]) -> None:
    _named(template, "condition-branches-1-weights-none-pretrain")["container"]["image"] = "other:1"


SABOTAGE: dict[Sabotage, tuple[str, str, str, str]] = {
    _drop_an_edge: ("variants", "after", "waiting for condition-branches-1 is not", "(nothing)"),
    _drop_a_task: ("gate", "task", "the task itself is not", "(nothing)"),
    _change_an_image: ("pick", "image", "the image is not", "other:1"),
    _change_a_variable: ("pick", "env", "the variable GRAFT_ENVIRONMENT is not", '"staging"'),
    _change_a_resource: ("pick", "resources", "the resource cpu limit is not", "64"),
    _change_a_default: ("", "parameters", "the pipeline's parameter epochs is not", "default 1"),
    _change_a_branch: ("weights-none/pretrain", "image", "the image is not", "other:1"),
}


@pytest.mark.parametrize("sabotage", SABOTAGE, ids=lambda sabotage: sabotage.__name__.strip("_"))
def test_a_mistake_in_a_template_is_a_finding_with_task_and_both_values(
    overlaid: Overlaid, template: dict[str, Any], sabotage: Sabotage
) -> None:
    path, rule, message, found = SABOTAGE[sabotage]
    sabotage(template)

    (finding,) = [each for each in _compared({FILE: [template]}, overlaid) if each.path == path]

    assert (finding.verdict, finding.check, finding.rule, finding.place.file) == ("invalid", "parity", rule, FILE)
    assert finding.message == f"{message} what the pipeline's IR says"
    assert finding.found == found != finding.allowed
    assert "report it" in finding.fix


def test_a_version_that_holds_another_pipeline_is_a_finding(definition: Definition, overlaid: Overlaid) -> None:
    other = copy.deepcopy(overlaid)
    other[0]["deploymentSpec"]["executors"]["exec-pick"]["container"]["image"] = "other:1"
    files = _files("kubeflow", definition, other)

    (finding,) = _compared(files, overlaid, "kubeflow")

    assert (finding.place.file, finding.path, finding.rule) == ("pipelineversion.yaml", "pick", "image")


def test_what_cannot_be_read_back_is_not_passed_over(overlaid: Overlaid, template: dict[str, Any]) -> None:
    del template["spec"]["entrypoint"]

    (finding,) = _compared({FILE: [template]}, overlaid)

    assert (finding.verdict, finding.rule) == ("unchecked", "unreadable")
    assert "entrypoint" in finding.message


def test_everything_that_can_differ_has_a_name_in_messages() -> None:
    task = Task("container")
    scalars = {name for name, value in vars(task).items() if isinstance(value, str)}
    others = {each.what for each in Shape({"x": "a"}, {"t": task}).differences(Shape({}, {}))}

    assert parity.CALLED.keys() == (vars(task).keys() - scalars) | others
    assert isinstance(next(Shape({}, {}).differences(Shape({}, {"t": task}))), Difference)


def test_check_compares_every_pipeline_on_every_cluster(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(target: Target, *overlaid: Any) -> Rendered:
        rendered = argo.ENGINE.render(target, *overlaid)
        _named(rendered.files[FILE][0], "collect")["container"]["image"] = "other:1"
        return rendered

    monkeypatch.setitem(ENGINES, "argo", replace(argo.ENGINE, render=broken))

    findings = check.check(Repository(tiny), Cache(tiny / "cache"))

    assert [(each.place.file, each.path, each.found) for each in findings if each.check == "parity"] == [
        ("rendered/staging/two/greet/workflowtemplate.yaml", "collect", "other:1")
    ], report.to_text(findings)


def test_check_finds_no_difference_in_what_is_rendered(tiny: Path) -> None:
    assert [finding for finding in check.check(Repository(tiny)) if finding.check == "parity"] == []
