"""The policies stay within what the API server spends on expressions, for objects larger than any that is rendered."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from admission import ROOT, bound_policies, cluster, namespaces_of, rendered_params

from generators.checks.policies import Resources

MARGIN = 8  # times as many templates or executors as the largest one has
LARGEST = {"WorkflowTemplate": "workflowtemplate.yaml", "PipelineVersion": "pipelineversion.yaml"}
COST = ("cost limit exceeded", "cost budget")
EXPENSIVE = "templates-are-asked-of-each-other"

Object = dict[str, Any]


def test_policies_cost_what_the_api_server_allows_for_larger_objects_too(
    policies_oracle: Callable[..., Callable[[], Iterator[Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    objects = [_repeated(_largest(file), MARGIN) for file in LARGEST.values()]
    requests = [_request(each) for each in objects]
    own = {file.stem for file in (ROOT / "schemas" / "policies").glob("*.yaml")}
    documents = [each for each in bound_policies() if each["metadata"]["name"] in own] + _expensive()
    answers = policies_oracle(cluster(documents, namespaces_of(requests), rendered_params()), requests)
    found = {
        (obj["kind"], each["policy"])
        for obj, verdicts in zip(objects, answers(), strict=True)
        for each in verdicts or ()
        if any(words in f"{each['message']} {each['warnings']}" for words in COST)
    }
    with capsys.disabled():
        sizes = ", ".join(f"a {obj['kind']} of {len(json.dumps(obj)) // 1000} kB" for obj in objects)
        print(f"\n{len(own)} policies of {sizes}: {len(found) - 1} cost more than the API server allows")
    assert found == {("WorkflowTemplate", EXPENSIVE)}


def _largest(name: str) -> Object:
    file = max((ROOT / "rendered").rglob(name), key=lambda each: each.stat().st_size)
    return next(iter(yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader)))


def _repeated(obj: Object, times: int) -> Object:
    """An object with so many times its templates or its executors."""
    found = copy.deepcopy(obj)
    spec = found["spec"]
    if "templates" in spec:
        spec["templates"] = [{**one, "name": f"{one['name']}-{at}"} for at in range(times) for one in spec["templates"]]
        return found
    platform = spec["platformSpec"]["platforms"]["kubernetes"]
    for part in (spec["pipelineSpec"]["deploymentSpec"], platform["deploymentSpec"]):
        part["executors"] = {f"{name}-{at}": one for at in range(times) for name, one in part["executors"].items()}
    return found


def _request(obj: Object) -> Object:
    resource = Resources().of_object(obj)
    assert resource is not None
    called = {key: obj["metadata"][key] for key in ("name", "namespace")}
    return {"operation": "CREATE", "resource": resource.name, "object": obj, "old": None, **called}


def _expensive() -> list[Object]:
    """A policy that no API server finishes for such an object, with its binding."""
    every, questions = "object.spec.templates", ""
    for name in ("a", "b", "c", "d"):
        questions += f"{every}.all({name}, "
    policy = {
        "matchConstraints": {"resourceRules": [_rule()]},
        "validations": [{"expression": f"{questions}a.name + b.name + c.name + d.name != ''))))"}],
    }
    kind = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": EXPENSIVE}}
    bound = {"policyName": EXPENSIVE, "validationActions": ["Deny"]}
    return [
        {**kind, "kind": "ValidatingAdmissionPolicy", "spec": policy},
        {**kind, "kind": "ValidatingAdmissionPolicyBinding", "spec": bound},
    ]


def _rule() -> Object:
    return {
        "operations": ["*"], "apiGroups": ["argoproj.io"], "apiVersions": ["*"], "resources": ["workflowtemplates"]
    }  # fmt: skip
