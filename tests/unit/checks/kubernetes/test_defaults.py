"""Policies see an object with the defaults of its API server, which tests/oracles holds to Kubernetes' own code."""

from __future__ import annotations

from typing import Any

import pytest

from generators.checks.given.admission import Admission
from generators.checks.kubernetes.defaults import defaulted

JOB = {
    "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job", "namespace": "ml"},
    "spec": {"template": {"spec": {"containers": [{"name": "main", "image": "busybox"}]}}},
}  # fmt: skip


def _denied(expression: str) -> bool:
    rule = {"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}
    spec = {"matchConstraints": {"resourceRules": [rule]}, "validations": [{"expression": expression}]}
    kind = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy"}
    policy = {**kind, "metadata": {"name": "policy"}, "spec": spec}
    return bool(Admission.of([policy]).denials(JOB))


def test_a_policy_may_go_by_a_default() -> None:
    assert not _denied("object.spec.backoffLimit == 6 && object.spec.template.spec.restartPolicy == 'Always'")
    assert not _denied("object.spec.template.spec.containers.all(each, each.imagePullPolicy == 'Always')")
    assert _denied("object.spec.suspend == true")


@pytest.mark.parametrize("spec", [None, "x", [], {"template": "x"}, {"template": {"spec": {"containers": "x"}}}])
def test_what_has_no_shape_stays(spec: Any) -> None:
    obj = {**JOB, "spec": spec}
    assert defaulted(obj)["spec"] == spec or defaulted(obj)["spec"]["template"]
