"""Policies say of an object what the API server would, and how it passes that on."""

from __future__ import annotations

from typing import Any

import pytest

from generators.checks.policies import NotCompiled, Resources, UnknownKind, bindings, judge, policies

JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "train", "namespace": "ml"},
    "spec": {"parallelism": 2},
}
JOBS = {"apiGroups": ["batch"], "apiVersions": ["v1"], "resources": ["jobs"], "operations": ["CREATE", "UPDATE"]}


def judged(
    spec: dict[str, Any], obj: dict[str, Any] = JOB, bound: dict[str, Any] | None = None, **more: Any
) -> list[str]:
    common = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": "rule"}}
    documents = [
        {
            **common,
            "kind": "ValidatingAdmissionPolicy",
            "spec": {"matchConstraints": {"resourceRules": [JOBS]}, **spec},
        },
        {
            **common,
            "kind": "ValidatingAdmissionPolicyBinding",
            "spec": {"policyName": "rule", "validationActions": ["Deny"], **(bound or {})},
        },
    ]
    return [each.message for each in judge(policies(documents), bindings(documents), obj, **more)]


def said(problem: str) -> list[str]:
    return [f"ValidatingAdmissionPolicy 'rule' with binding 'rule' denied request: {problem}"]


def one(expression: str, **more: Any) -> dict[str, Any]:
    return {"validations": [{"expression": expression, **more}]}


def test_what_a_cluster_would_convert_first_is_said_to_be_unchecked() -> None:
    older = {**JOB, "apiVersion": "batch/v1beta1"}
    exact = {"matchConstraints": {"resourceRules": [JOBS], "matchPolicy": "Exact"}}
    excluded = {"matchConstraints": {"resourceRules": [JOBS], "excludeResourceRules": [JOBS]}}

    (found,) = judged(one("false"), older)

    assert found.startswith("ValidatingAdmissionPolicy 'rule' with binding 'rule' was not asked: its rules")
    assert judged({**one("false"), **exact}, older) == judged({**one("false"), **excluded}, older) == []
    assert judged(one("false"), {**older, "kind": "CronJob"}) == []


def test_what_holds_is_allowed_and_what_does_not_is_denied_with_the_message() -> None:
    assert judged(one("object.spec.parallelism < 3")) == []
    assert judged(one("object.spec.parallelism < 2", message=" at most one ")) == said("at most one")
    assert judged(one("object.spec.parallelism < 2")) == said("failed expression: object.spec.parallelism < 2")


def test_a_message_may_be_an_expression_unless_that_fails_or_says_nothing() -> None:
    message = "'has ' + string(object.spec.parallelism)"
    assert judged(one("false", messageExpression=message, message="no")) == said("has 2")
    assert judged(one("false", messageExpression="'a' + object.spec.missing", message="no")) == said("no")
    assert judged(one("false", messageExpression="'two\\nlines'", message="no")) == said("no")
    assert judged(one("false", messageExpression="'  '")) == said("failed expression: false")


def test_an_expression_that_fails_denies_unless_the_policy_fails_open() -> None:
    problem = "expression 'object.spec.missing > 1' resulted in error: no such key: missing"
    assert judged(one("object.spec.missing > 1")) == said(problem)
    assert judged({**one("object.spec.missing > 1"), "failurePolicy": "Ignore"}) == []


def test_what_only_a_cluster_can_evaluate_is_said_to_be_unchecked() -> None:
    (found,) = judged(one("{dyn(true): 1, dyn(object.spec.parallelism - 1): 2}.size() == 2 || true"))

    assert found.startswith("ValidatingAdmissionPolicy 'rule' with binding 'rule' was not asked: a map with keys of")
    with pytest.raises(NotCompiled, match="Struct is not known here"):
        judged(one("google.protobuf.Struct{} == object"))


def test_a_condition_that_is_false_counts_more_than_one_that_fails() -> None:
    conditions = [{"name": "fails", "expression": "object.spec.missing > 1"}, {"name": "never", "expression": "false"}]
    assert judged({**one("false"), "matchConditions": conditions}) == []
    problem = "expression 'object.spec.missing > 1' resulted in error: no such key: missing"
    assert judged({**one("false"), "matchConditions": conditions[:1]}) == said(problem)


def test_variables_are_evaluated_where_they_are_used() -> None:
    variables = [
        {"name": "spec", "expression": "object.spec"},
        {"name": "missing", "expression": "variables.spec.missing"},
        {"name": "count", "expression": "variables.spec.parallelism"},
    ]
    assert judged({**one("variables.count == 2 || variables.missing"), "variables": variables}) == []
    problem = 'composited variable "missing" fails to evaluate: no such key: missing'
    expression = "variables.count == 1 || variables.missing"
    expected = said(f"expression '{expression}' resulted in error: {problem}")
    assert judged({**one(expression), "variables": variables}) == expected


@pytest.mark.parametrize(
    ("match", "denied"),
    [
        ({"resourceRules": [{**JOBS, "resources": ["*"]}]}, True),
        ({"resourceRules": [{**JOBS, "resources": ["jobs/status"]}]}, False),
        ({"resourceRules": [{**JOBS, "operations": ["DELETE"]}]}, False),
        ({"resourceRules": [{**JOBS, "apiGroups": ["*"], "apiVersions": ["*"]}]}, True),
        ({"resourceRules": [{**JOBS, "scope": "Cluster"}]}, False),
        ({"resourceRules": [{**JOBS, "resourceNames": ["other"]}]}, False),
        ({"resourceRules": [JOBS], "excludeResourceRules": [{**JOBS, "resourceNames": ["train"]}]}, False),
        ({"resourceRules": [JOBS], "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ml"}}}, True),
        ({"resourceRules": [JOBS], "namespaceSelector": {"matchLabels": {"team": "ml"}}}, False),
        ({"resourceRules": [JOBS], "objectSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}, False),  # noqa: E501
        ({"resourceRules": [JOBS], "objectSelector": {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}}, True),  # noqa: E501
    ],
)  # fmt: skip
def test_a_policy_is_about_what_it_matches(match: dict[str, Any], denied: bool) -> None:
    assert bool(judged({**one("false"), "matchConstraints": match})) is denied


def test_a_binding_says_what_becomes_of_a_denial() -> None:
    warned = "Validation failed for ValidatingAdmissionPolicy 'rule' with binding 'rule': failed expression: false"
    assert judged(one("false"), bound={"validationActions": ["Warn"]}) == [warned]
    elsewhere = {"matchResources": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}}
    assert judged(one("false"), bound=elsewhere) == []


def test_params_are_found_in_the_namespace_of_the_object() -> None:
    spec = {
        **one("object.spec.parallelism <= int(params.data.most)"),
        "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
    }
    bound = {"paramRef": {"name": "limits", "parameterNotFoundAction": "Deny"}}
    limits = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "limits", "namespace": "ml"},
        "data": {"most": "1"},
    }
    missing = said(
        "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction"
    )

    assert len(judged(spec, bound=bound, params=[limits])) == 1
    assert judged(spec, bound=bound, params=[{**limits, "data": {"most": "2"}}]) == []
    assert judged(spec, bound=bound) == missing
    assert judged(spec, bound={"paramRef": {"name": "limits", "parameterNotFoundAction": "Allow"}}) == []


def test_a_change_sees_what_was_there_before() -> None:
    spec = one("oldObject == null || object.spec == oldObject.spec", message="immutable")

    assert judged(spec) == []
    assert judged(spec, old={**JOB, "spec": {}}, operation="UPDATE") == said("immutable")


def test_what_cannot_be_judged_is_told_from_what_is_allowed() -> None:
    custom = {"apiVersion": "unknown.example.org/v1", "kind": "Thing", "metadata": {"name": "x"}}
    definition = {
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "unknown.example.org",
            "scope": "Cluster",
            "names": {"kind": "Thing", "plural": "thingamajigs"},
        },
    }
    rule = {**JOBS, "apiGroups": ["unknown.example.org"], "resources": ["thingamajigs"], "scope": "Cluster"}
    spec = {**one("false"), "matchConstraints": {"resourceRules": [rule]}}

    with pytest.raises(UnknownKind):
        judged(spec, custom)
    assert len(judged(spec, custom, resources=Resources.of([definition]))) == 1
    with pytest.raises(NotCompiled, match="undefined field 'object'"):
        judged(one("request.object.spec == null"))
