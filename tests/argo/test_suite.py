"""Every case has the form in Argo that it should have, and ends as expected on this machine.

`tests/e2e/test_workflows.py` runs the same cases by Argo itself.
"""

from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from generators.errors import Refused, RunFailed
from generators.runner import Settings, run
from hera.workflows import models

import suite

DEFINITION = Path(__file__).resolve().parents[3] / "shared/crds/argo-workflows-4.1.2/argoproj.io_workflowtemplates.yaml"
ACCEPTED = [name for name in suite.NAMES if not suite.expected(name).refused]
REFUSED = [name for name in suite.NAMES if suite.expected(name).refused]


@pytest.mark.parametrize("name", ACCEPTED)
def test_hera_s_models_accept_the_template(name):
    template = models.WorkflowTemplate.model_validate(suite.converted(name))

    assert {item.name for item in template.spec.templates} >= {"main", "pipeline"}


def test_argo_s_own_definition_accepts_every_template():
    if not DEFINITION.is_file():
        pytest.skip("not run: 1 test, Argo's resource definitions are not beside the repository")
    definition = yaml.load(DEFINITION.read_text("utf-8"), yaml.CSafeLoader)
    schema = suite.closed(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    validator = jsonschema_rs.Draft202012Validator(schema)
    problems = {name: [error.message for error in validator.iter_errors(suite.converted(name))] for name in ACCEPTED}

    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_equivalent_is_refused_for_the_reason_stated(name):
    with pytest.raises(Refused) as refused:
        suite.converted(name)

    assert sorted({finding.rule for finding in refused.value.findings}) == suite.expected(name).refused


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_case_ends_as_expected_on_this_machine(name, tmp_path):
    wanted = suite.expected(name)
    settings = Settings(tmp_path, workers=4, longest_backoff=0.1, packages={})
    spec, platform = suite.compiled(name)
    try:
        result = run(spec, platform, wanted.parameters, settings=settings)
    except Refused as refused:
        assert sorted({finding.rule for finding in refused.findings}) == wanted.local
    except RunFailed as failed:
        assert wanted.failed is not None, failed
        assert not wanted.failed or failed.step in wanted.failed
    else:
        assert result.outputs == wanted.outputs
