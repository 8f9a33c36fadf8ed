"""Whatever is done to the IR of a case, both targets of `convert`, `run` and the validation say the same, and no more.

A mutation takes a node of a compiled case away, or puts other JSON in its place.
"""

import json

import pytest
from generators.engines.argo import workflow_template
from generators.errors import Defective, GraftError, Refused
from generators.ir import validate
from generators.runner.preflight import findings
from generators.verbs.convert import Wanted, convert
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import suite
from mutations import mutated


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_broken_pipeline_is_refused_with_the_same_words_wherever_it_is_given(data):
    spec, platform = mutated(data, *suite.compiled(data.draw(st.sampled_from(suite.NAMES))))

    wanted = _words(validate.findings(validate.problems(spec, platform), "x"))

    assert _refused(lambda: workflow_template.convert(spec, platform)) == wanted
    assert _words(findings(spec, platform, {}, lambda variable: "value")) == wanted
    text = json.dumps({"pipelineSpec": spec, "platformSpec": platform})
    for target in ("argo", "kubeflow"):
        _converted(text, target)


@pytest.mark.parametrize("target", ["argo", "kubeflow"])
def test_both_targets_of_convert_say_the_same_at_the_same_lines(target):
    spec, _ = json.loads(json.dumps(suite.compiled("retry-exhausted")))
    spec["root"]["dag"]["tasks"]["fail"]["retryPolcy"] = {}
    spec["root"]["dag"]["tasks"]["fail"]["componentRef"]["name"] = "comp-fial"

    with pytest.raises(Refused) as refused:
        convert(json.dumps(spec, indent=1), "x.json", Wanted(to=target))

    text = json.dumps(spec, indent=1).splitlines()
    for finding in refused.value.findings:
        assert finding.path.rpartition(".")[2] in text[finding.place.line - 1]
    assert {finding.rule for finding in refused.value.findings} == {"unknown-field", "reference"}


@pytest.mark.parametrize("field", ["root", "pipelineInfo", "schemaVersion"])
def test_what_the_whole_lacks_is_said_once(field):
    spec, platform = json.loads(json.dumps(suite.compiled("retry-exhausted")))
    del spec[field]

    assert [each.message for each in validate.problems(spec, platform)] == [f"it has no {field}"]


def _refused(work):
    try:
        work()
    except Refused as refused:
        return _words(refused.findings)
    return set()


def _converted(text, target):
    try:
        convert(text, "x", Wanted(to=target))
    except GraftError as error:
        assert not isinstance(error, Defective), error.findings


def _words(found):
    return {(each.rule, each.path, each.message, each.found, each.fix) for each in found if each.check == "ir"}
