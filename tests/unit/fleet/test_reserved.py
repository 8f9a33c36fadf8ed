"""Labels and variables that somebody else sets are refused wherever a person could write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.fleet import reserved
from generators.inventory.read import Repository
from generators.output import report
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
PROD = "environments/prod.yml"
STEP = "people/greet: {accelerator: optional}"
LABELS = "labels: {team: greeters}"
OWNERS = {
    "workflows.argoproj.io/phase": "argo",
    "argocd.argoproj.io/sync-wave": "argo",
    "pipelines.kubeflow.org/v2_component": "kubeflow",
    "pipeline/runid": "kubeflow",
    "kubernetes.io/os": "Kubernetes",
    "pod-security.kubernetes.io/enforce": "Kubernetes",
    "node.k8s.io/x": "Kubernetes",
    "graft.dev/definition": "graft",
    "app.kubernetes.io/instance": "Argo CD",
}


@pytest.mark.parametrize("key", OWNERS)
def test_a_label_of_somebody_else_is_refused_with_its_owner(key: str) -> None:
    (problem,) = reserved.labels([key], ("labels",))

    assert problem.path == ("labels", key)
    assert OWNERS[key] in problem.message and problem.fix


@pytest.mark.parametrize("key", ["team", "example.org/team", "notkubernetes.io/x", "app.kubernetes.io/part-of"])
def test_a_label_of_one_s_own_passes(key: str) -> None:
    assert list(reserved.labels([key], ())) == []


TAKEN = ["GRAFT_BRACE", "GRAFT_X", "PATH", "PGPASSWORD", "PYTHONPATH", "PYTHONHOME", "ARGO_TEMPLATE", "KFP_POD_NAME"]


@pytest.mark.parametrize("name", TAKEN)
def test_a_variable_of_somebody_else_is_refused(name: str) -> None:
    (problem,) = reserved.variables([name], ("env",))

    assert problem.path == ("env", name) and problem.fix


@pytest.mark.parametrize("name", ["TONE", "MLFLOW_TRACKING_URI", "PYTHONUNBUFFERED", "MY_GRAFT_X", "HOME"])
def test_a_variable_of_one_s_own_passes(name: str) -> None:
    assert list(reserved.variables([name], ())) == []


SECRET = "{secret: s, key: k}"
REFUSED = {
    "a variable of every step": (LABELS, "env: {GRAFT_IMAGE: x}", "GRAFT_IMAGE", "env.GRAFT_IMAGE"),
    "a service's address, beside uses": (LABELS, "env: {STORAGE_URI: x}", "STORAGE_URI", "env.STORAGE_URI"),
    "a step's variable": (STEP, "people/greet: {env: {PATH: /x}}", "PATH", "people/greet.env.PATH"),
    "a step's secret": (
        STEP,
        f"people/greet: {{secrets: {{PYTHONPATH: {SECRET}}}}}",
        "PYTHONPATH",
        "people/greet.secrets.PYTHONPATH",
    ),
    "a step's secret for a service's address": (
        STEP,
        f"people/greet: {{secrets: {{MLFLOW_TRACKING_URI: {SECRET}}}}}",
        "MLFLOW_TRACKING_URI",
        "people/greet.secrets.MLFLOW_TRACKING_URI",
    ),
    "a step's secret that the storage gives": (
        STEP,
        f"people/greet: {{secrets: {{AWS_ACCESS_KEY_ID: {SECRET}}}}}",
        "{AWS_ACCESS",
        "people/greet.secrets.AWS_ACCESS_KEY_ID",
    ),
    "a credential": ("AWS_ACCESS_KEY_ID:", "GRAFT_KEY:", "GRAFT_KEY", "storage.credentials.GRAFT_KEY"),
    "a label of every step": (LABELS, "labels: {graft.dev/x: a}", "graft.dev/x", "labels.graft.dev/x"),
    "a step's label": (
        STEP,
        "people/greet: {labels: {kubernetes.io/os: a}}",
        "kubernetes.io/os",
        "people/greet.labels.kubernetes.io/os",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_at_its_line(tiny: Path, edit: Edit, what: str) -> None:
    old, new, text, path = REFUSED[what]
    edit(tiny / PROD, old, new)

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    lines = (tiny / PROD).read_text().splitlines()
    (line,) = [number for number, written in enumerate(lines, start=1) if text in written]
    found = [(finding.place.file, finding.place.line) for finding in findings if path in finding.path.replace('"', "")]
    assert found == [(PROD, line)], report.to_text(findings)


def test_a_service_s_variable_is_free_where_no_step_uses_the_service(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/local.yml", "TONE: warm", "TONE: warm, PYTHONHASHSEED: '0'")
    edit(tiny / "base/pipelines/greet.yml", "{PRAISE: well done}", "{PRAISE: well done, MLFLOW_TRACKING_URI: x}")

    assert [
        finding for finding in check.check(Repository(tiny)) if finding.failing and finding.rule == "variable"
    ] == []


GREET = "generators/pipelines/greet.py"


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("task.set_env_variable('PATH', '/x')", "PATH"),
        ("kubernetes.use_config_map_as_env(task, 'c', {'k': 'PYTHONPATH'})", "PYTHONPATH"),
        ("kubernetes.use_field_path_as_env(task, 'GRAFT_IMAGE', 'metadata.name')", "GRAFT_IMAGE"),
        ("kubernetes.add_pod_label(task, 'workflows.argoproj.io/workflow', 'x')", "workflows.argoproj.io/workflow"),
        ("kubernetes.add_pod_label(task, 'graft.dev/definition', 'x')", "graft.dev/definition"),
    ],
)
def test_it_is_refused_in_the_pipeline_s_code_too(tiny: Path, edit: Edit, setting: str, name: str) -> None:
    edit(tiny / GREET, "from kfp import dsl", "from kfp import dsl, kubernetes")
    made = f"task = praise(text=collected.output)\n        {setting}"
    edit(tiny / GREET, "praise(text=collected.output)", made)
    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    found = {(finding.place.file, finding.found) for finding in findings if finding.rule in ("label", "variable")}
    assert found == {(GREET, name)}, report.to_text(findings)
