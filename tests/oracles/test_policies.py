"""Policies have the verdict and the message that the API server's own plugin has, whatever the object."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from changed_objects import mutated
from probes import DEFINITION, policies, probe

from generators.checks.policies import Denial, Resources, bindings, judge
from generators.checks.policies import policies as read_policies

ROOT = Path(__file__).parents[2]
SEED = 20261127
COUNT = 120_000 if os.environ.get("GRAFT_E2E") else 6_000
USER = {"username": "somebody", "groups": ["system:masters", "system:authenticated"]}
LARGEST = 16_000  # characters of an object as JSON: the API server's code copies it for every policy
NASTY = Path(__file__).with_name("nasty.yaml")
TREES = ("rendered", "tests/tiny/rendered", "tests/golden", "tests/policies", "tests/argo/cases")
NAMESPACE_LABELS = {
    "ml-staging": {"team": "learning"},
    "ml-prod": {"team": "other"},
    "ml-learning": {"team": "learning"},
}
PARAMS = [
    {"name": "strict", "namespace": "default", "data": {"prefix": "t", "most": "50"}, "labels": {"only": "strict"}},
    {"name": "strict", "namespace": "ml-learning", "data": {"most": "x"}, "labels": {}},
    {"name": "loose", "namespace": "default", "data": {"most": "1000", "off": "yes"}, "labels": {"only": "loose"}},
]

Object = dict[str, Any]
Oracle = Callable[[Object, list[Object]], Callable[[], Iterator[list[Object] | None]]]


def test_every_object_has_the_verdict_and_the_message_of_the_api_server(
    policies_oracle: Oracle, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = [*_policies(), *policies()]
    resources, params = Resources.of([DEFINITION]), [*_params(), *_graft_params()]
    requests = list(_requests(Random(SEED), resources))
    namespaces = _namespaces(requests)
    cluster = _cluster(documents, namespaces, params)

    began = time.perf_counter()
    answers = policies_oracle(cluster, requests)
    known, bound = read_policies(documents), bindings(documents)
    differing, denied, failing = [], 0, 0
    for request, theirs in zip(requests, answers(), strict=True):
        namespace = namespaces.get(request["namespace"])
        ours = judge(
            known, bound, request["object"], old=request["old"], namespace=namespace, params=params,
            operation=request["operation"], user=USER, resources=resources,
        )  # fmt: skip
        said = _said(ours)
        denied, failing = denied + bool(said), failing + any("resulted in error" in text for _, text in said)
        if said != _theirs(theirs):
            differing.append((request, sorted(set(said) ^ set(_theirs(theirs)))))
    seconds = time.perf_counter() - began
    with capsys.disabled():
        print(
            f"\n{len(requests)} objects against {len(known)} policies in {seconds:.0f} s: "
            f"{denied} denied, {failing} of them by an expression that fails; {len(differing)} differ"
        )

    assert differing[:3] == []
    assert len(requests) == COUNT
    assert COUNT / 4 < denied < COUNT and failing > COUNT / 10


def _said(denials: list[Denial]) -> list[tuple[str, str]]:
    """Each denial as the API server's client sees it: the first one of a policy that denies, and all warnings."""
    first = {each.policy: each.message for each in reversed(denials) if each.action == "deny"}
    warned = [(each.policy, each.message) for each in denials if each.action == "warn"]
    return sorted([*first.items(), *warned])


def _theirs(verdicts: list[Object] | None) -> list[tuple[str, str]]:
    said = []
    for each in verdicts or []:
        said += [(each["policy"], warning) for warning in each["warnings"] or []]
        if each["message"]:
            said.append((each["policy"], each["message"].partition(" is forbidden: ")[2]))
    return sorted(said)


def _policies() -> list[Object]:
    """Those of the test, and those of the repository, bound as an environment binds them."""
    documents = list(yaml.load_all(NASTY.read_text("utf-8"), yaml.CSafeLoader))
    for file in sorted((ROOT / "schemas" / "policies").glob("*.yaml")):
        documents += [document for document in yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader) if document]
        spec = {"policyName": file.stem, "validationActions": ["Deny", "Warn"], "paramRef": {"name": "graft-policies"}}
        spec["paramRef"]["parameterNotFoundAction"] = "Deny"
        if not documents[-1]["spec"].get("paramKind"):
            del spec["paramRef"]
        documents.append({**documents[-1], "kind": "ValidatingAdmissionPolicyBinding", "spec": spec})
    return [document for document in documents if document]


def _params() -> list[Object]:
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {key: each[key] for key in ("name", "namespace", "labels")},
            "data": each["data"],
        }
        for each in PARAMS
    ]


def _graft_params() -> list[Object]:
    """The params of the environments, as they are rendered."""
    found = [
        each for each in _objects() if each["kind"] == "ConfigMap" and each["metadata"]["name"] == "graft-policies"
    ]
    return list({each["metadata"]["namespace"]: each for each in found}.values())


def _objects() -> list[Object]:
    """Every object of the repository that a cluster could be given."""
    found: dict[str, Object] = {}
    for file in (file for tree in TREES for file in sorted((ROOT / tree).rglob("*.y*ml"))):
        try:
            documents = list(yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader))
        except yaml.YAMLError:
            continue
        for each in documents:
            if isinstance(each, dict) and each.get("kind") and isinstance(each.get("metadata"), dict):
                found[json.dumps(each, sort_keys=True, default=str)] = json.loads(json.dumps(each, default=str))
    return list(found.values())


def _requests(random: Random, resources: Resources) -> Iterator[Object]:
    objects = [each for each in _objects() if resources.of_object(each) and len(json.dumps(each)) < LARGEST]
    for place in range(COUNT):
        chosen = probe(random) if place % 2 else random.choice(objects)
        yield _request(mutated(chosen, random, random.choice((0, 1, 1, 2, 3))), chosen, random, resources)


def _request(obj: Object, original: Object, random: Random, resources: Resources) -> Object:
    resource = resources.of_object(obj)
    assert resource is not None
    old = mutated(original, random, 1) if random.random() < 0.15 else None
    metadata = obj["metadata"]
    if resource.namespaced:
        metadata.setdefault("namespace", "default")
    else:
        metadata.pop("namespace", None)
    name = str(metadata.get("name") or "")
    return {
        "operation": "UPDATE" if old else "CREATE",
        "resource": resource.name,
        "namespace": name if obj["kind"] == "Namespace" else metadata.get("namespace", ""),
        "name": name,
        "object": obj,
        "old": old,
    }


def _namespaces(requests: list[Object]) -> dict[str, Object]:
    names = {request["namespace"] for request in requests} - {""}
    return {
        name: {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {
                "name": name,
                "labels": {"kubernetes.io/metadata.name": name, **NAMESPACE_LABELS.get(name, {})},
            },
        }
        for name in names
    }


def _cluster(documents: list[Object], namespaces: dict[str, Object], params: list[Object]) -> Object:
    kinds = {"policies": "ValidatingAdmissionPolicy", "bindings": "ValidatingAdmissionPolicyBinding"}
    found = {key: [each for each in documents if each["kind"] == kind] for key, kind in kinds.items()}
    held = [{"resource": "configmaps", "namespaced": True, "object": each} for each in params]
    return {**found, "namespaces": list(namespaces.values()), "params": held}
