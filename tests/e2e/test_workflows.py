"""Every case of tests/argo ends as expected when Argo's own controller runs it on a real node."""

from __future__ import annotations

from contextlib import suppress

import pytest
import suite
from cluster.runs import Runs

from generators.engines.argo import submit
from generators.errors import Refused
from generators.ir.values import conform, kind_of, strict_json

RUNNABLE = [name for name in suite.NAMES if not suite.expected(name).refused]

FAILED = ("Failed", "Error")


@pytest.fixture(scope="module")
def runs(argo: Runs, request) -> Runs:
    """All cases that were asked for, on their way; one that cannot be compiled fails in its own test."""
    asked = [item.callspec.params["name"] for item in request.session.items if "runs" in item.fixturenames]
    workflows = {}
    for name in asked:
        with suppress(Refused):
            workflows[name] = started(name)
    objects = [item for name in workflows for item in [*suite.objects(name), suite.converted(name)]]
    argo.define(objects)
    for name, workflow in workflows.items():
        argo.submit(name, workflow)
    return argo


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_case_ends_as_expected_under_argo(name, runs):
    wanted = suite.expected(name)
    try:
        workflow = started(name)
    except Refused as refused:  # what no engine would run is refused before it is started
        assert [finding.rule for finding in refused.findings] == wanted.local
        return
    ended = runs.ended(name)

    assert (ended.phase == "Succeeded") == (wanted.outputs is not None and wanted.failed is None), ended.message
    if wanted.outputs is not None:
        assert outputs(name, ended) == wanted.outputs
    assert wanted.pods in (None, ended.pods)
    phases = {path.rpartition(".")[2]: phase for path, phase in ended.steps.items()}
    assert [step for step in wanted.succeeded if phases.get(step) != "Succeeded"] == []
    assert [step for step in wanted.failed or [] if phases.get(step.rpartition("/")[2]) not in FAILED] == []
    if wanted.hits is not None:
        runs.submit(f"{name} again", workflow, next_one=True)
        again = runs.ended(f"{name} again")
        assert (again.hits, outputs(name, again)) == (wanted.hits, outputs(name, ended)), again.message


def started(name):
    """The workflow that runs a case."""
    spec, _ = suite.compiled(name)
    return submit.workflow(suite.converted(name), spec, suite.expected(name).parameters)


def outputs(name, ended):
    """The values of the pipeline's outputs, as its IR types them."""
    declared = suite.compiled(name)[0]["root"].get("outputDefinitions", {}).get("parameters", {})
    return {key: conform(kind_of(declared[key]), strict_json(text)) for key, text in ended.outputs.items()}
