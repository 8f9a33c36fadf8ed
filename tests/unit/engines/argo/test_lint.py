"""What Argo's controller refuses of an object is said, with its place; what it takes is not."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generators.engines.argo.lint import KINDS, problems
from generators.engines.argo.lint.conditions import is_readable
from generators.inventory.paths import format_path

ROOT = Path(__file__).parents[4]
WORKFLOW = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: train-}
spec:
  entrypoint: main
  onExit: say
  arguments:
    parameters: [{name: epochs, value: 3}, {name: size, value: small, enum: [small, large]}]
  hooks: {failed: {template: say, expression: workflow.status == "Failed"}}
  templates:
    - name: main
      inputs: {parameters: [{name: epochs}]}
      dag:
        tasks:
          - name: fetch
            template: load
          - name: train
            template: fit
            depends: fetch.Succeeded
            withItems: [1, 2]
            arguments:
              parameters: [{name: epochs, value: "{{inputs.parameters.epochs}}"}, {name: rows, value: "{{tasks.fetch.outputs.parameters.rows}}"}]
              artifacts: [{name: data, from: "{{tasks.fetch.outputs.artifacts.data}}"}]
          - name: tell
            template: again
            depends: train.AnySucceeded || fetch.Failed
    - name: load
      container: {image: load, args: ["{{workflow.parameters.size}}", "{{workflow.name}}", "{{other.tool}}"]}
      outputs:
        parameters: [{name: rows, valueFrom: {path: /tmp/rows}}]
        artifacts: [{name: data, path: /tmp/data}]
    - name: fit
      inputs: {parameters: [{name: epochs}, {name: rows}, {name: rate, default: "0.1"}], artifacts: [{name: data, path: /data}]}
      container: {image: fit, args: ["{{inputs.parameters.epochs}}", "{{inputs.artifacts.data.path}}", "{{=asInt(inputs.parameters.rows) + 1}}"]}
    - name: again
      steps:
        - - {name: first, template: load}
          - {name: beside, template: say, when: "{{workflow.parameters.epochs}} > 1"}
        - - {name: second, template: fit, arguments: {parameters: [{name: epochs, value: 1}, {name: rows, value: "{{steps.first.outputs.parameters.rows}}"}], artifacts: [{name: data, from: "{{steps.first.outputs.artifacts.data}}"}]}}
          - {name: inside, inline: {container: {image: say}}}
      outputs: {parameters: [{name: rows, valueFrom: {parameter: "{{steps.first.outputs.parameters.rows}}"}}]}
    - name: say
      script: {image: say, source: "print('{{workflow.status}}')"}
"""  # noqa: E501
MAIN, LOAD, FIT, AGAIN = range(4)
OTHER = {"templates": [{"name": "known", "container": {"image": "say"}}]}

Change = Callable[[dict[str, Any]], None]


def _templates(spec: dict[str, Any], at: int) -> dict[str, Any]:
    return spec["templates"][at]


def _task(spec: dict[str, Any], at: int) -> dict[str, Any]:
    return spec["templates"][MAIN]["dag"]["tasks"][at]


def _step(spec: dict[str, Any], group: int, at: int) -> dict[str, Any]:
    return spec["templates"][AGAIN]["steps"][group][at]


def _said(obj: dict[str, Any], others: dict[str, Any] | None = None) -> list[str]:
    found = problems(obj, lambda kind, name: (others or {}).get(name))
    return [f"{format_path(each.path)}: {each.message}" for each in found]


def test_a_sound_workflow_is_not_complained_of() -> None:
    assert _said(yaml.safe_load(WORKFLOW)) == []


BROKEN: tuple[tuple[Change, str, str], ...] = (
    (lambda s: s.update(entrypoint="mian"), "entrypoint", "there is no template of that name"),
    (lambda s: s.pop("entrypoint"), "spec", "the key 'entrypoint' is missing, so nothing would run"),
    (lambda s: s.update(onExit="tell"), "onExit", "there is no template of that name"),
    (lambda s: s["hooks"]["failed"].update(template="x"), "hooks.failed.template", "there is no template of that name"),
    (
        lambda s: s["arguments"]["parameters"].pop(0),
        "arguments.parameters",
        "the parameter epochs of main is missing, which has no default",
    ),
    (
        lambda s: s["arguments"]["parameters"][0].pop("value"),
        "arguments.parameters[0]",
        "the parameter epochs has no value",
    ),
    (
        lambda s: s["arguments"]["parameters"][1].update(value="big"),
        "arguments.parameters[1].value",
        "not one of the values that are allowed",
    ),
    (
        lambda s: s["arguments"]["parameters"][1].update(name="epochs"),
        "arguments.parameters[1].name",
        "is the name of another one here",
    ),
    (lambda s: _templates(s, FIT).update(name="load"), "templates[2].name", "is the name of another one here"),
    (lambda s: _templates(s, FIT).update(name="f.t"), "templates[2].name", "does not have the form of a name"),
    (lambda s: _templates(s, FIT).update(suspend={}), "templates[2]", "a template is one thing, not several"),
    (lambda s: _templates(s, FIT)["container"].pop("image"), "templates[2].container", "the key 'image' is missing"),
    (
        lambda s: _templates(s, FIT).update(parallelism=2),
        "templates[2].parallelism",
        "is for a template with steps or tasks, and this one has none",
    ),
    (
        lambda s: _templates(s, MAIN).update(activeDeadlineSeconds=2),
        "templates[0].activeDeadlineSeconds",
        "is for a template that runs a pod, and this one has steps or tasks",
    ),
    (
        lambda s: _templates(s, LOAD)["outputs"]["parameters"][0].pop("valueFrom"),
        "templates[1].outputs.parameters[0]",
        "the output rows comes from nowhere",
    ),
    (
        lambda s: _templates(s, LOAD)["outputs"]["parameters"][0].update(valueFrom={"parameter": "x"}),
        "templates[1].outputs.parameters[0].valueFrom.parameter",
        "is no source of an output of a template with container",
    ),
    (
        lambda s: _task(s, 0).update(template="laod"),
        "templates[0].dag.tasks[0].template",
        "there is no template of that name",
    ),
    (
        lambda s: _task(s, 0).update(inline={"container": {"image": "x"}}),
        "templates[0].dag.tasks[0]",
        "names one template to run, not several",
    ),
    (lambda s: _task(s, 0).pop("template"), "templates[0].dag.tasks[0]", "names one template to run"),
    (
        lambda s: _task(s, 1).update(depends="fetsh"),
        "templates[0].dag.tasks[1].depends",
        "there is no task of that name",
    ),
    (
        lambda s: _task(s, 1).update(depends="fetch.Done"),
        "templates[0].dag.tasks[1].depends",
        "there is no result of a task of that name",
    ),
    (
        lambda s: _task(s, 1).update(depends="fetch.AllFailed"),
        "templates[0].dag.tasks[1].depends",
        "AllFailed is about all rounds of a loop, and fetch has none",
    ),
    (lambda s: _task(s, 0).update(depends="tell"), "templates[0].dag.tasks[0].depends", "fetch waits for itself"),
    (
        lambda s: _task(s, 2).update(dependencies=["train"]),
        "templates[0].dag.tasks[2].dependencies",
        "depends and dependencies do not go together in one DAG",
    ),
    (
        lambda s: _task(s, 0).update(continueOn={"failed": True}),
        "templates[0].dag.tasks[0].continueOn",
        "does not go together with depends",
    ),
    (lambda s: _task(s, 1).update(withParam="[1]"), "templates[0].dag.tasks[1]", "has one loop, not several"),
    (
        lambda s: _task(s, 1)["arguments"]["parameters"].pop(1),
        "templates[0].dag.tasks[1].arguments.parameters",
        "the parameter rows of fit is missing, which has no default",
    ),
    (
        lambda s: _task(s, 1)["arguments"].pop("artifacts"),
        "templates[0].dag.tasks[1].arguments.artifacts",
        "the artifact data of fit is missing, which has no default",
    ),
    (
        lambda s: _task(s, 1).pop("depends"),
        "templates[0].dag.tasks[1].arguments.parameters[1].value",
        "fetch need not have ended before this: it is not a task that this one waits for",
    ),
    (
        lambda s: _task(s, 1)["arguments"]["parameters"][1].update(value="{{tasks.fetch.outputs.parameters.row}}"),
        "templates[0].dag.tasks[1].arguments.parameters[1].value",
        "there is no output parameter of fetch of that name",
    ),
    (
        lambda s: _task(s, 1)["arguments"]["parameters"][0].update(value="{{inputs.parameters.epoch}}"),
        "templates[0].dag.tasks[1].arguments.parameters[0].value",
        "there is no input parameter of that name",
    ),
    (lambda s: _step(s, 0, 1).update(name="first"), "templates[3].steps[0][1].name", "is the name of another one here"),
    (
        lambda s: _step(s, 0, 1).update(when="{{steps.second.status}} == Failed"),
        "templates[3].steps[0][1].when",
        "second need not have ended before this: it is not a step before this one",
    ),
    (
        lambda s: _step(s, 0, 1).update(when="{{workflow.parameters.epoch}} > 1"),
        "templates[3].steps[0][1].when",
        "there is no parameter of the workflow of that name",
    ),
    (
        lambda s: _step(s, 0, 1).update(when="{{steps.frist.status}} == Failed"),
        "templates[3].steps[0][1].when",
        "there is no step or task of that name",
    ),
    (
        lambda s: _templates(s, FIT)["container"].update(command=["{{ workflow.nmae }}"]),
        "templates[2].container.command[0]",
        "a workflow has no value of that name",
    ),
    (
        lambda s: (s.pop("onExit"), _templates(s, FIT)["container"].update(command=["{{workflow.failures}}"])),
        "templates[2].container.command[0]",
        "is known once the workflow has ended, and no template runs then",
    ),
    (
        lambda s: _task(s, 0).update(when="{{item.epochs}} > 1"),
        "templates[0].dag.tasks[0].when",
        "there is no item here, for there is no loop",
    ),
    (
        lambda s: _templates(s, FIT)["container"].update(command=["{{item.epochs}}"]),
        "templates[2].container.command[0]",
        "there is no item here, for there is no loop",
    ),
    (
        lambda s: (_task(s, 1).update(withItems=[{"a": 1}, {"b": 2}]), _task(s, 1).update(when="{{item.c}} > 1")),
        "templates[0].dag.tasks[1].when",
        "there is no key of the items of that name",
    ),
    (
        lambda s: _step(s, 0, 1).update(when="{{inputs.parameters.x"),
        "templates[3].steps[0][1].when",
        "a tag has no end",
    ),
    (
        lambda s: _templates(s, FIT).update(podResources={"claims": [{"name": "gpu"}]}),
        "templates[2].podResources.claims",
        "is not for a whole pod",
    ),
    (
        lambda s: s.update(podResources={"limits": {"nvidia.com/gpu": "1"}}),
        "podResources.limits",
        "is no resource of a whole pod",
    ),
    (
        lambda s: _templates(s, MAIN).update(resourceClaims=[{"name": "gpu"}]),
        "templates[0].resourceClaims",
        "is for a template that runs a pod",
    ),
    (
        lambda s: _templates(s, MAIN).update(timeout="5m"),
        "templates[0].timeout",
        "is for a template that runs a pod",
    ),
    (lambda s: _templates(s, FIT).update(timeout="300"), "templates[2].timeout", "is not a duration"),
    (
        lambda s: _templates(s, FIT).update(sidecars=[{"name": "wait", "image": "x"}]),
        "templates[2].sidecars[0].name",
        "is the name of a container of Argo's own",
    ),
    (
        lambda s: _step(s, 0, 1).update(when="{{workflow.name}} = x"),
        "templates[3].steps[0][1].when",
        "is no expression, so the workflow would end in an error here",
    ),
)

WHEN = {
    "{{steps.flip.outputs.result}} == heads": True,
    "{{inputs.parameters.go}}": True,
    "'{{inputs.parameters.go}}' != ''": True,
    "({{a}} > 1 && {{b}} =~ '^x') || !({{c}} in ('a', 'b'))": True,
    "{{=asInt(inputs.parameters.n) == 1}}": True,
    '"{{a}}" == "it\'s"': True,
    "{{a}} - 1 >= 2 * {{b}} && true": True,
    "foo-bar == foo-bar": True,
    "[some name] == 1": True,
    "response\\-time > 100": True,
    "{{a}} = b": False,
    "({{a}} == b": False,
    "{{a}} == b)": False,
    "{{a}} == 'b": False,
    "{{a}} == b and {{c}} == d": False,
    "{{a}} == b &&": False,
    "{{a}} & {{b}} && == c": False,
    "== b": False,
}


@pytest.mark.parametrize("when", WHEN)
def test_a_condition_that_cannot_be_read_is_found(when: str) -> None:
    assert is_readable(when) is WHEN[when]


def test_what_templates_give_to_the_whole_workflow_is_known_where_no_other_object_is_called() -> None:
    end = {"name": "end", "container": {"image": "x", "command": ["{{workflow.outputs.artifacts.modle}}"]}}
    made = {"name": "model", "path": "/m", "globalName": "model"}
    fit = {"name": "fit", "container": {"image": "x"}, "outputs": {"artifacts": [made]}}
    spec = {"entrypoint": "fit", "onExit": "end", "templates": [fit, end]}
    workflow = {"kind": "Workflow", "spec": spec}
    place = "spec.templates[1].container.command[0]"
    assert _said(workflow) == [f"{place}: no template gives an artifact of that globalName"]
    for name in ("modle", "{{workflow.name}}"):
        made["globalName"] = name
        assert _said(workflow) == []
    made["globalName"] = "model"
    spec["templates"].append({"name": "all", "steps": [[{"name": "a", "templateRef": {"name": "o", "template": "p"}}]]})
    assert _said(workflow) == []


def test_labels_and_annotations_may_come_from_elsewhere() -> None:
    workflow = yaml.safe_load(WORKFLOW)
    names = ("labels.a", "annotations.a/b", "labels.json", "creationTimestamp.s", "scheduledTime", "priority", "status")
    _templates(workflow["spec"], FIT)["container"]["command"] = [f"{{{{workflow.{name}}}}}" for name in names]
    assert _said(workflow) == []


@pytest.mark.parametrize(("change", "place", "message"), BROKEN)
def test_what_the_controller_refuses_is_said(change: Change, place: str, message: str) -> None:
    workflow = yaml.safe_load(WORKFLOW)
    change(workflow["spec"])
    where = place if place == "spec" else f"spec.{place}"
    assert f"{where}: {message}" in _said(workflow)


def test_a_template_of_another_object_is_looked_at_where_that_is_known() -> None:
    workflow = yaml.safe_load(WORKFLOW)
    del _task(workflow["spec"], 0)["template"], _task(workflow["spec"], 1)["arguments"]
    _task(workflow["spec"], 1)["template"] = "say"
    _task(workflow["spec"], 0)["templateRef"] = {"name": "shared", "template": "unknown"}
    assert _said(workflow) == []
    place = "spec.templates[0].dag.tasks[0].templateRef.template"
    assert _said(workflow, {"shared": OTHER}) == [f"{place}: there is no template in shared of that name"]


def test_a_run_of_another_object_names_what_that_has() -> None:
    workflow = {**yaml.safe_load(WORKFLOW), "spec": {"workflowTemplateRef": {"name": "shared"}, "entrypoint": "main"}}
    assert _said(workflow) == []
    said = "spec.entrypoint: there is no template in WorkflowTemplate shared of that name"
    assert _said(workflow, {"shared": OTHER}) == [said]
    del workflow["spec"]["entrypoint"]
    assert _said(workflow, {"shared": OTHER})[0].endswith("has an entrypoint, so nothing would run")


def test_parameters_of_a_template_may_come_with_a_run() -> None:
    template = yaml.safe_load(WORKFLOW) | {"kind": "WorkflowTemplate"}
    template["spec"]["arguments"]["parameters"] = [{"name": "epochs"}]
    assert _said(template) == []
    cron = {**template, "kind": "CronWorkflow", "spec": {"schedules": ["0 3 * * *"], "workflowSpec": {}}}
    cron["spec"]["workflowSpec"] = copy.deepcopy(template["spec"]) | {"entrypoint": "mian"}
    assert "spec.workflowSpec.entrypoint: there is no template of that name" in _said(cron)


def test_nothing_that_is_rendered_is_complained_of() -> None:
    rendered = list(_rendered())
    assert len(rendered) > 10
    assert {f"{place}: {said}" for place, each in rendered for said in _said(each)} == set()


def _rendered() -> Iterator[tuple[str, dict[str, Any]]]:
    for tree in ("rendered", "tests/tiny/rendered"):
        for file in sorted((ROOT / tree).rglob("*.yaml")):
            text = file.read_text("utf-8")
            if any(f"kind: {kind}\n" in text for kind in KINDS):
                for each in yaml.load_all(text, yaml.CSafeLoader):
                    if each["kind"] in KINDS:
                        yield str(file.relative_to(ROOT)), each
