"""The examples of the policies, found by folder, and what a policy says of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generators.checks import policies as evaluated
from generators.delivery.policies import Admission

ROOT = Path(__file__).parent
PODS = "every-rule-of-pods"  # the folder of what all of these admit
POLICIES = ROOT.parents[1] / "schemas" / "policies"
FACTS = {
    "accelerators": "nvidia.com/gpu\nexample.test/chip",
    "engine": "argo",
    "environment": "staging",
    "level": "restricted",
    "owner": "ml",
    "production": "false",
    "registries": "registry.test/ml/\ndocker.io/library/python@sha256:" + "2" * 64,
}
_COMMENT = re.compile(r"^# (message|facts|update): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A document that a policy admits or denies, with the message expected and the facts of its environment."""

    file: Path
    verdict: str
    document: dict[str, Any]
    message: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: dict(FACTS))
    update: str = ""


def rules() -> list[str]:
    """The rules that there are policies of."""
    return sorted(file.stem for file in POLICIES.glob("*.yaml"))


def examples(rule: str) -> Iterator[Example]:
    """Every example of a rule."""
    of_pods = any(variable.name == "pods" for variable in policy(rule).variables)
    folders = [ROOT / rule, *([ROOT / PODS] if of_pods else [])]
    for file in sorted(file for folder in folders for file in folder.glob("*/*.yaml")):
        for text in file.read_text("utf-8").split("\n---\n"):
            said = dict(_COMMENT.findall(text))
            facts = FACTS | dict(part.split("=", 1) for part in said.get("facts", "").split())
            document = yaml.load(text, yaml.CSafeLoader)
            yield Example(file, file.parent.name, document, said.get("message", ""), facts, said.get("update", ""))


@cache
def policy(rule: str) -> evaluated.Policy:
    """The policy of a rule."""
    (found,) = evaluated.policies([yaml.load((POLICIES / f"{rule}.yaml").read_text("utf-8"), yaml.CSafeLoader)])
    return found


def judged(rule: str, example: Example) -> list[str]:
    """What the policy says of an example, in the words of its validation."""
    facts = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "graft-policies", "namespace": "ml"}}
    admission = Admission("ml", {**facts, "data": dict(example.facts)}, {})
    spec = {key: value for key, value in admission.binding(rule).items() if key != "matchResources"}
    bindings = evaluated.bindings(
        [
            {
                "apiVersion": "admissionregistration.k8s.io/v1",
                "kind": "ValidatingAdmissionPolicyBinding",
                "metadata": {"name": rule},
                "spec": spec,
            }
        ]
    )
    old = _old(example)
    denials = evaluated.judge(
        [policy(rule)], bindings, example.document, params=[admission.facts], old=old,
        operation="UPDATE" if old else "CREATE",
    )  # fmt: skip
    return [denial.problem for denial in denials]


def _old(example: Example) -> dict[str, Any] | None:
    """What was there before an UPDATE."""
    said = "spec" if "spec" in example.document else "template"
    before = {"unchanged": example.document, "changed": {**example.document, said: {}}}
    return before.get(example.update)
