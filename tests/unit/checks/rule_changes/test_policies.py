"""What one policy admits and another does not: told from both, and surely or not."""

from __future__ import annotations

import pytest

from generators.checks.rule_changes import policies
from tests.unit.checks.rule_changes.documents import holding

RULES = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["pods"]}
ADMISSION = {
    "kind": "ValidatingAdmissionPolicy",
    "spec": {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [RULES],
            "objectSelector": {"matchLabels": {"graft.dev/asked": "always"}},
        },
        "matchConditions": [{"name": "a", "expression": "has(object.spec)"}],
        "validations": [{"expression": "object.spec.a > 1"}, {"expression": "object.spec.b > 1"}],
    },
}


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ("Ignore", ("failurePolicy",), [("spec.failurePolicy", True)]),
        ({"name": "b", "expression": "false"}, ("matchConditions", 1), [("spec.matchConditions.1", True)]),
        ("object.spec.c", ("matchConditions", 0, "expression"), [("spec.matchConditions.0", False)]),
        (["CREATE"], ("matchConstraints", "resourceRules", 0, "operations"),
         [("spec.matchConstraints.resourceRules", True)]),
        (["*"], ("matchConstraints", "resourceRules", 0, "resources"), []),
        ("Cluster", ("matchConstraints", "resourceRules", 0, "scope"),
         [("spec.matchConstraints.resourceRules", True)]),
        ([RULES], ("matchConstraints", "excludeResourceRules"),
         [("spec.matchConstraints.excludeResourceRules.0", True)]),
        ({"matchLabels": {"a": "b"}}, ("matchConstraints", "namespaceSelector"),
         [("spec.matchConstraints.namespaceSelector", True)]),
        ({"matchLabels": {"graft.dev/asked": "never"}}, ("matchConstraints", "objectSelector"),
         [("spec.matchConstraints.objectSelector", True)]),
        ({"matchLabels": {}}, ("matchConstraints", "objectSelector"), []),  # which selects more
        ("Exact", ("matchConstraints", "matchPolicy"), [("spec.matchConstraints.matchPolicy", True)]),
        ("true", ("validations", 0, "expression"), [("spec.validations.0", True)]),
        ("object.spec.a > 0", ("validations", 0, "expression"), [("spec.validations.0.expression", False)]),
        ([{"expression": "object.spec.a > 1"}], ("validations",), [("spec.validations", True)]),
        ([], ("validations",), [("spec.validations", True)]),
        ({"apiVersion": "v1", "kind": "Secret"}, ("paramKind",), [("spec.paramKind", False)]),
        ([{"key": "a", "valueExpression": "'b'"}], ("auditAnnotations",), []),
    ],
)  # fmt: skip
def test_a_policy_admits_more(value: object, path: tuple[str | int, ...], found: list[tuple[str, bool]]) -> None:
    loosened = list(policies.loosened(ADMISSION, holding(ADMISSION, value, "spec", *path)))

    assert [(".".join(map(str, each.path)), each.surely) for each in loosened] == found


def test_what_is_no_policy_any_longer_admits_everything() -> None:
    assert [each.surely for each in policies.loosened(ADMISSION, {**ADMISSION, "kind": "ConfigMap"})] == [True]
