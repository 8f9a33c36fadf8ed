"""What the API server's validator is given beside the objects: policies with their bindings, params and namespaces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
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


def bound_policies() -> list[Object]:
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


def own_params() -> list[Object]:
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {key: each[key] for key in ("name", "namespace", "labels")},
            "data": each["data"],
        }
        for each in PARAMS
    ]


def rendered_params() -> list[Object]:
    """The params of the environments, as they are rendered."""
    found = [each for each in objects() if each["kind"] == "ConfigMap" and each["metadata"]["name"] == "graft-policies"]
    return list({each["metadata"]["namespace"]: each for each in found}.values())


def objects() -> list[Object]:
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


def namespaces_of(requests: list[Object]) -> dict[str, Object]:
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


def cluster(documents: list[Object], namespaces: dict[str, Object], params: list[Object]) -> Object:
    kinds = {"policies": "ValidatingAdmissionPolicy", "bindings": "ValidatingAdmissionPolicyBinding"}
    found = {key: [each for each in documents if each["kind"] == kind] for key, kind in kinds.items()}
    held = [{"resource": "configmaps", "namespaced": True, "object": each} for each in params]
    return {**found, "namespaces": list(namespaces.values()), "params": held}
