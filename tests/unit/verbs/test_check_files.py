"""`graft check PATH...` says of any manifest, at its line, what a cluster would say after the merge."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.model import Finding
from generators.verbs._check_files import check_files

ROOT = Path(__file__).resolve().parents[3]
QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec:\n  hard:\n    requests.cpu: 1\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: main
    image: python:3.12
    resources:
      requests: {cpu: 2}
      limits: {cpu: 1}
"""
WIDGET = "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n"
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            x-kubernetes-validations:
            - {rule: self.size <= self.most, message: more than the most}
            properties:
              size: {type: integer}
              most: {type: integer, default: 3}
"""
TEMPLATE = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: greet}
spec:
  templates:
  - name: main
    container: {image: greeter}
    script: {image: greeter, source: x}
"""


def _checked(tmp_path: Path, text: str, name: str = "x.yaml", **options: Path) -> list[Finding]:
    (tmp_path / name).write_text(text)
    return check_files([str(tmp_path / name)], **options)


BAD = {
    "an unknown field": (QUOTA.replace("hard", "hrad"), 5, "spec.hrad", "did you mean hard?"),
    "more asked for than allowed": (POD, 9, "spec.containers[0].resources.requests.cpu", ""),
    "no quantity": (POD.replace("{cpu: 1}", "{cpu: two}"), 10, "spec.containers[0].resources.limits.cpu", ""),
    "a name in capitals": (QUOTA.replace("name: q", "name: Q"), 3, "metadata.name", ""),
    "a rule of the definition": (TEMPLATE, 5, "spec.templates", ""),
    "the second of two objects": (f"{QUOTA}---\n{POD}", 16, "spec.containers[0].resources.requests.cpu", ""),
    "an item of a list": (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n  dta: {}\n",
        7,
        "dta",
        "did you mean data?",
    ),
    "JSON": (
        '{"apiVersion": "v1", "kind": "ConfigMap",\n "metadata": {"name": "c"},\n "data": {"a": 1}}',
        3,
        "data.a",
        "",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_an_api_server_refuses_is_found_at_its_line(name: str, tmp_path: Path) -> None:
    text, line, path, fix = BAD[name]

    (finding,) = _checked(tmp_path, text)

    assert (finding.verdict, finding.place.line, finding.path) == ("invalid", line, path)
    assert fix in finding.fix


@pytest.mark.parametrize("text", [QUOTA, POD.replace("cpu: 2", "cpu: 1"), TEMPLATE.rpartition("    script")[0]])
def test_what_it_takes_has_no_finding(text: str, tmp_path: Path) -> None:
    assert _checked(tmp_path, text) == []


def test_a_kind_without_a_schema_is_not_checked_and_says_where_to_get_one(tmp_path: Path) -> None:
    (finding,) = _checked(tmp_path, WIDGET)

    assert (finding.verdict, finding.place.line) == ("unchecked", 2)
    assert "--definitions FOLDER" in finding.fix


RUN = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: greet-}
spec:
  workflowTemplateRef: {name: greet}
"""


def test_what_no_file_holds_is_not_checked_and_that_is_said(tmp_path: Path) -> None:
    (found,) = _checked(tmp_path, RUN)
    assert (found.verdict, found.rule, found.place.line, found.found) == ("unchecked", "reference", 5, "greet")
    assert found.message == "WorkflowTemplate greet is in none of the files, so what of it runs here was not looked at"

    template = TEMPLATE.replace("    script: {image: greeter, source: x}\n", "").replace(
        "spec:", "spec:\n  entrypoint: main"
    )
    assert _checked(tmp_path, f"{RUN}---\n{template}") == []


def test_definitions_that_are_named_decide_with_their_defaults_and_rules(tmp_path: Path) -> None:
    (tmp_path / "crds").mkdir()
    (tmp_path / "crds/widget.yaml").write_text(DEFINITION)

    assert _checked(tmp_path, WIDGET, definitions=tmp_path / "crds") == []
    (finding,) = _checked(tmp_path, WIDGET.replace("3", "4"), definitions=tmp_path / "crds")
    assert (finding.path, finding.message, finding.place.line) == ("spec", "more than the most", 4)
    (finding,) = _checked(tmp_path, WIDGET.replace("size", "siez"), definitions=tmp_path / "crds")
    assert finding.fix == "did you mean size?"


def test_a_definition_among_the_files_is_one_too(tmp_path: Path) -> None:
    assert [finding.path for finding in _checked(tmp_path, f"{DEFINITION}---\n{WIDGET}")] == []


def test_a_compiled_pipeline_is_checked_with_its_platform(tmp_path: Path) -> None:
    definition = json.loads(next((ROOT / "definitions/transfer-learning").glob("*.json")).read_text())
    platform = definition["platformSpec"] or {"platforms": {"kubernetes": {"deploymentSpec": {}}}}
    text = f"{json.dumps(definition['pipelineSpec'])}\n---\n{json.dumps(platform)}\n"

    assert [each for each in _checked(tmp_path, text) if each.failing] == []
    broken = text.replace('"schemaVersion": "2.1.0"', '"schemaVersion": "2.0.0"')
    (finding,) = _checked(tmp_path, broken)
    assert (finding.rule, finding.path) == ("version", "schemaVersion")


def test_a_job_of_vertex_ai_may_name_its_account_and_its_network(tmp_path: Path) -> None:
    spec = json.loads(next((ROOT / "definitions/latent-boundary").glob("*.json")).read_text())["pipelineSpec"]
    job = {"displayName": "x", "pipelineSpec": spec, "serviceAccount": "a@b.iam.gserviceaccount.com", "network": "n"}

    assert [each for each in _checked(tmp_path, json.dumps(job)) if each.failing] == []
    (finding,) = [each for each in _checked(tmp_path, json.dumps(job | {"netwrok": "n"})) if each.failing]
    assert finding.path == "netwrok"


POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: pods-say-who-owns-them}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  validations:
  - expression: has(object.metadata.labels) && 'owner' in object.metadata.labels
    message: a pod must have the label owner
"""
SOUND = POD.replace("cpu: 2", "cpu: 1")


def test_a_policy_of_a_folder_denies_in_the_words_of_the_api_server(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/owner.yaml").write_text(POLICY)

    (finding,) = _checked(tmp_path, SOUND, policies=tmp_path / "policies")

    assert (finding.verdict, finding.check, finding.rule) == ("denied", "policy", "pods-say-who-owns-them")
    assert finding.message == (
        "ValidatingAdmissionPolicy 'pods-say-who-owns-them' with binding 'pods-say-who-owns-them' denied request: "
        "a pod must have the label owner"
    )
    assert (
        _checked(tmp_path, SOUND.replace("{name: p}", "{name: p, labels: {owner: a}}"), policies=tmp_path / "policies")
        == []
    )
    assert _checked(tmp_path, QUOTA, policies=tmp_path / "policies") == []


def test_the_policies_of_an_environment_are_those_that_its_cluster_has(tiny: Path, tmp_path: Path) -> None:
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "prod-owner"},
        "spec": {"policyName": "prod-owner", "validationActions": ["Warn"], "matchResources": {"namespaceSelector": {
            "matchLabels": {"kubernetes.io/metadata.name": "greet-prod"}}}},
    }  # fmt: skip
    text = f"{POLICY.replace('pods-say-who-owns-them', 'prod-owner')}---\n{json.dumps(binding)}\n"
    (tiny / "rendered/prod/east/platform/policies.yaml").write_text(text)
    (tmp_path / "pod.yaml").write_text(SOUND)

    (finding,) = check_files([str(tmp_path / "pod.yaml")], tiny, env="prod")

    assert (finding.verdict, finding.rule) == ("warning", "owner")
    with pytest.raises(GraftError, match="nothing is rendered for a cluster of pord"):
        check_files([str(tmp_path / "pod.yaml")], tiny, env="pord")


def test_a_folder_is_looked_through_and_all_of_it_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/one.yaml").write_text(POD)
    (tmp_path / "a/two.json").write_text('{"a": 1}')
    (tmp_path / "a/three.txt").write_text("not looked at")

    found = check_files([str(tmp_path / "a")])

    assert [(Path(each.place.file).name, each.rule) for each in found] == [
        ("one.yaml", "resources"),
        ("two.json", "document"),
    ]


def test_what_is_not_there_is_bad_use(tmp_path: Path) -> None:
    with pytest.raises(GraftError, match="is not there"):
        check_files([str(tmp_path / "nothing.yaml")])
    with pytest.raises(GraftError, match="holds no YAML and no JSON"):
        check_files([str(tmp_path)])


def _run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    graft = Path(sys.executable).with_name("graft")
    return subprocess.run([graft, "check", *arguments], input=text, capture_output=True, text=True, check=False)


def test_standard_input_and_the_exit_statuses() -> None:
    assert (_run("-", text=QUOTA).returncode, _run("-", text=POD).returncode) == (0, 1)

    unreadable = _run("-", "--output", "json", text="a: [\n")

    assert unreadable.returncode == 2
    (finding,) = json.loads(unreadable.stdout)["findings"]
    assert (finding["file"], finding["check"], finding["rule"]) == ("<stdin>", "read", "syntax")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: &a 1\nb: *a\n", "alias"),
        (f"{QUOTA}kind: Pod\n", "duplicate-key"),
        ("[" * 300, "depth"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {1: a}\n", "key"),
        ("", "empty"),
        ("kind: Pod\n", "missing-key"),
        ("- 1\n", "document"),
    ],
)
def test_what_readers_would_not_take_alike_is_refused(text: str, rule: str, tmp_path: Path) -> None:
    assert rule in {finding.rule for finding in _checked(tmp_path, text)}


def test_what_a_rendered_file_runs_is_looked_up_beside_it(tiny: Path) -> None:
    (schedule,) = (tiny / "rendered/staging/two").glob("*/schedule.yaml")
    assert "workflowTemplateRef" in schedule.read_text()

    assert check_files([str(schedule)]) == []


def test_what_is_rendered_here_is_held_to_what_this_repository_renders(tiny: Path) -> None:
    (project,) = (tiny / "rendered").rglob("prod/argocd/projects.yaml")
    project.write_text(project.read_text().replace("kind: ConfigMap", "kind: '*'", 1))

    assert {"pattern", "not"} & {finding.rule for finding in check_files([str(project)])}
