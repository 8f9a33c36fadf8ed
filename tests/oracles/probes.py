"""Expressions of every function and operator, over objects of a kind that is made for them.

A Probe holds values of every sort under names that say which; half of the time they are of another sort, so that most
expressions fail in some object, which is where two evaluators part first.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import yaml

GROUP, KIND = "tests.example.org", "Probe"
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": f"probes.{GROUP}"},
    "spec": {
        "group": GROUP,
        "names": {"kind": KIND, "plural": "probes", "singular": "probe", "listKind": "ProbeList"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {"spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
                    }
                },
            }
        ],
    },
}
_KNOWN = json.loads(json.dumps(yaml.load(Path(__file__).with_suffix(".yaml").read_text("utf-8"), yaml.CSafeLoader)))
VALUES: dict[str, list[Any]] = _KNOWN["values"]
EXPRESSIONS: dict[str, list[str]] = _KNOWN["expressions"]
MESSAGES: list[str] = _KNOWN["messages"]


def policies() -> list[dict[str, Any]]:
    """A policy for each list of expressions, with its binding, about the probes that are labelled with its name."""
    return [document for name, expressions in EXPRESSIONS.items() for document in _policy(name, expressions)]


def _policy(name: str, expressions: list[str]) -> list[dict[str, Any]]:
    rule = {"apiGroups": [GROUP], "apiVersions": ["v1"], "resources": ["probes"], "operations": ["CREATE"]}
    validations: list[dict[str, Any]] = [{"expression": expression} for expression in expressions]
    for place, validation in enumerate(validations):
        if place % 3 == 0:
            validation["messageExpression"] = MESSAGES[place % len(MESSAGES)]
    common = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": f"probe-{name}"}}
    selector = {"matchLabels": {"probe": name}}
    spec = {"matchConstraints": {"resourceRules": [rule], "objectSelector": selector}, "validations": validations}
    bound = {"policyName": f"probe-{name}", "validationActions": ["Deny", "Warn"]}
    return [
        {**common, "kind": "ValidatingAdmissionPolicy", "spec": spec},
        {**common, "kind": "ValidatingAdmissionPolicyBinding", "spec": bound},
    ]


def probe(random: Random) -> dict[str, Any]:
    """An object of random values; now and then one has the value of another field, or is missing."""
    every = [value for values in VALUES.values() for value in values]
    spec = {}
    for name, values in VALUES.items():
        chance = random.random()
        if chance < 0.9:
            spec[name] = random.choice(values) if chance < 0.75 else random.choice(every)
        elif chance < 0.93:
            spec[name] = None
    labels = random.choice(({}, {}, {}, {"skip": "yes"}, {"params": "required"}))
    metadata = {"name": f"probe-{random.randint(0, 9)}", "namespace": random.choice(("default", "ml-learning"))}
    if random.random() < 0.95:
        metadata["labels"] = {"probe": random.choice(tuple(EXPRESSIONS)), **labels}
    return {"apiVersion": f"{GROUP}/v1", "kind": KIND, "metadata": metadata, "spec": spec}
