"""A Workflow and a CronWorkflow name the template that they run, and give it values that fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hera.workflows import models

from generators.engines.argo import submit, workflow_template
from generators.errors import Refused
from generators.ir.definitions import from_text
from generators.model import Schedule

(DEFINITION,) = (Path(__file__).resolve().parents[3] / "tiny/definitions/greet").glob("*.json")
GREET = from_text("greet", DEFINITION.read_text())

WEEKLY = Schedule(("0 3 * * 1",), "Europe/Berlin", "forbid", True, 300)


@pytest.fixture
def spec():
    return GREET.spec


@pytest.fixture
def template():
    return workflow_template.convert(GREET.spec, GREET.platform, workflow_template.Options(namespace="ml"))


def test_a_workflow_names_its_template_and_carries_values_as_they_travel(template, spec):
    workflow = submit.workflow(template, spec, {"word": "{{workflow.name}}"})

    models.Workflow.model_validate(workflow)
    assert workflow["metadata"]["generateName"] == f"{template['metadata']['name']}-"
    assert workflow["metadata"]["namespace"] == "ml"
    assert workflow["spec"] == {
        "workflowTemplateRef": {"name": template["metadata"]["name"]},
        "arguments": {
            "parameters": [{"name": "word", "value": r'"\u007b\u007bworkflow.name\u007d\u007d"'}],
        },
    }


def test_a_whole_workflow_is_the_template_with_values_in_place_of_its_defaults(template, spec):
    workflow = submit.workflow(template, spec, {"word": "Good day"}, whole=True)

    models.Workflow.model_validate(workflow)
    assert workflow["spec"]["templates"] == template["spec"]["templates"]
    values = {item["name"]: item.get("value") for item in workflow["spec"]["arguments"]["parameters"]}
    defaults = {item["name"]: item.get("value") for item in template["spec"]["arguments"]["parameters"]}
    assert values == defaults | {"word": '"Good day"'}


def test_a_schedule_is_a_list_and_keeps_every_setting(template, spec):
    cron = submit.cron_workflow(template, spec, {"word": "Hello"}, WEEKLY)

    models.CronWorkflow.model_validate(cron)
    assert {key: value for key, value in cron["spec"].items() if key != "workflowSpec"} == {
        "schedules": ["0 3 * * 1"],
        "timezone": "Europe/Berlin",
        "concurrencyPolicy": "Forbid",
        "suspend": True,
        "startingDeadlineSeconds": 300,
        "successfulJobsHistoryLimit": 10,  # by itself Argo keeps three, and one that failed
        "failedJobsHistoryLimit": 10,
    }
    assert cron["spec"]["workflowSpec"]["workflowTemplateRef"] == {"name": template["metadata"]["name"]}


def test_a_schedule_that_goes_on_says_so_or_argo_cd_would_leave_it_suspended_by_hand(template, spec):
    goes_on = replace(WEEKLY, suspended=False)

    assert submit.cron_workflow(template, spec, {}, goes_on)["spec"]["suspend"] is False


def test_the_name_of_a_schedule_has_no_hash_and_fits_argo_s_52_characters(template, spec):
    renamed = {**spec, "pipelineInfo": {"name": "p" * 80}}

    assert submit.cron_workflow(template, spec, {}, WEEKLY)["metadata"]["name"] == "greet"
    names = {submit.cron_workflow(template, renamed, {}, WEEKLY)["metadata"]["name"] for _ in range(2)}
    assert len(names) == 1 and len(names.pop()) == 52


def test_everything_that_argo_would_not_start_is_refused_at_once(template, spec):
    with pytest.raises(Refused) as refused:
        wrong = Schedule(("0 3 * *",), "Europe/Berlni")
        submit.cron_workflow(template, spec, {"wrod": "x", "word": 3}, wrong, source="greet.yaml")

    assert [finding.rule for finding in refused.value.findings] == [
        "unknown-parameter",
        "parameter-type",
        "schedule",
        "schedule",
    ]
    assert {finding.place.file for finding in refused.value.findings} == {"greet.yaml"}
