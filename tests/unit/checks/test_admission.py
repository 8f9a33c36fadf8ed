"""What a policy denies of what is rendered is found where it is asked for, in the words of the cluster."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generators.checks import admission
from generators.delivery.policies import Admission
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs.check import check

FACTS = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "graft-policies", "namespace": "ml"},
    "data": {"most": "4"},
}
PRODUCTION = Admission("prod", FACTS, {})
POLICY = """
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules:
      - {apiGroups: [""], apiVersions: ["*"], operations: [CREATE], resources: [configmaps], scope: "*"}
  validations:
    - expression: object.metadata.name.size() <= int(params.data.most)
      messageExpression: "object.metadata.name + ' must be short; call it ' + object.metadata.name.substring(0, 4)"
"""
TEXTS = json.dumps({"names-are-short": POLICY})


def found(name: str, where: Admission | None = PRODUCTION, texts: str = TEXTS) -> list[Finding]:
    obj: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "ml"}}
    return list(admission.check_objects(RenderedUnit({"a.yaml": [obj]}, admission=where), texts))


def test_a_denial_has_the_cluster_s_words_the_rule_the_file_and_the_next_step() -> None:
    (finding,) = found("config")

    assert (finding.verdict, finding.check, finding.rule, finding.place.file) == (
        "denied", "policy", "names-are-short", "a.yaml",
    )  # fmt: skip
    assert finding.message == (
        "ValidatingAdmissionPolicy 'prod-names-are-short' with binding 'prod-names-are-short' denied request: "
        "config must be short; call it conf"
    )
    assert (finding.found, finding.fix) == ("ConfigMap config (a.yaml)", "call it conf")


def test_what_a_policy_admits_is_no_finding_and_neither_is_what_no_cluster_judges() -> None:
    assert found("conf") == []
    assert found("config", None) == []
    assert found("config", texts="{}") == []


@pytest.mark.parametrize(("setting", "verdicts"), [("warn", ["warning"]), ("skip", [])])
def test_an_environment_that_is_warned_has_a_warning_and_one_that_leaves_a_policy_out_nothing(
    setting: str, verdicts: list[str]
) -> None:
    mild = replace(PRODUCTION, settings={"names-are-short": setting})

    assert [finding.verdict for finding in found("config", mild)] == verdicts


def test_a_policy_that_does_not_compile_judges_nothing_and_says_so() -> None:
    (finding,) = found("conf", texts=json.dumps({"broken": POLICY.replace("size()", "sise()")}))

    assert (finding.verdict, finding.found) == ("unchecked", "")


def test_broken_policies_and_unknown_ones_are_findings_of_the_repository(tiny: Path) -> None:
    file = tiny / "schemas/policies/services-stay-inside.yaml"
    file.write_text(file.read_text().replace("variables.wrong == []", "variables.wrongs == []"))
    prod = tiny / "environments/prod.yml"
    prod.write_text(prod.read_text() + "  policies: {service-stays-inside: warn}\n")

    findings = {finding.rule: finding for finding in check(Repository(tiny)) if finding.check == "policy"}

    assert findings["services-stay-inside"].place.file == "schemas/policies/services-stay-inside.yaml"
    unknown = findings["unknown-policy"]
    assert (unknown.place.file, unknown.fix) == ("environments/prod.yml", "did you mean services-stay-inside?")


def test_what_is_rendered_in_tiny_is_what_the_policies_admit(tiny: Path) -> None:
    assert [finding for finding in check(Repository(tiny)) if finding.check == "policy"] == []


def test_what_a_policy_has_against_a_step_stands_where_the_environment_sets_the_step(tiny: Path) -> None:
    file = tiny / "environments/staging.yml"
    asked = f'        people/greet: {{image: "docker.io/library/busybox@sha256:{"1" * 64}"}}'
    file.write_text(f"{file.read_text()}      steps:\n{asked}\n")

    found = [each for each in check(Repository(tiny)) if each.rule == "images-from-the-registry"]

    assert {each.path for each in found} == {"pipelines.greet.steps.people/greet"}
    assert {each.place.file for each in found} == {"environments/staging.yml"}
    lines = file.read_text().splitlines()
    assert {lines[each.place.line - 1] for each in found} == {asked}
    assert {each.found.partition(" (")[2] for each in found} == {"pipelineversion.yaml)", "workflowtemplate.yaml)"}


def test_what_a_policy_has_against_the_platform_stands_at_the_cluster(tiny: Path) -> None:
    rule = tiny / "schemas/policies/accounts-are-welcome.yaml"
    rule.write_text(
        POLICY.replace("[configmaps]", "[serviceaccounts]").replace(
            "object.metadata.name.size() <= int(params.data.most)", "object.metadata.name == params.data.engine"
        )
    )

    found = [each for each in check(Repository(tiny)) if each.rule == "accounts-are-welcome"]

    assert "clusters.east" in {each.path for each in found if each.place.file == "environments/prod.yml"}
