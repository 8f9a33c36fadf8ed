"""`graft new` writes what works at once, into files that nobody has written yet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.verbs import check, new, render
from generators.verbs.new import Kind

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def repository(tiny: Path) -> Repository:
    """The tiny repository with the package that steps share."""
    shutil.copytree(ROOT / "components/shared", tiny / "components/shared", ignore=shutil.ignore_patterns("tests"))
    return Repository(tiny)


def test_a_new_pipeline_renders_and_checks_in_the_environments_that_follow_the_code(repository: Repository) -> None:
    done = new.new(repository, Kind.PIPELINE, "churn-model", [])

    render.render(repository)

    assert done.edited == ("environments/local.yml", "environments/staging.yml")
    assert not [finding for finding in check.check(repository) if finding.failing]
    assert repository.exists("rendered/staging/one/churn-model/pipelineversion.yaml")
    assert not repository.exists("rendered/prod/east/churn-model")


def test_a_new_component_passes_its_own_tests_and_the_lint(repository: Repository) -> None:
    done = new.new(repository, Kind.COMPONENT, "churn-model", [])
    folder = "components/churn_model"
    shutil.copy(ROOT / "pyproject.toml", repository.root)

    assert all(file.startswith(folder) for file in done.written)
    for words in (
        ["pytest", "-p", "no:cacheprovider", folder],
        ["ruff", "check", folder],
        ["ruff", "format", "--check", folder],
    ):
        run = subprocess.run(
            [sys.executable, "-m", *words], cwd=repository.root, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr


def test_a_pipeline_takes_the_component_that_is_there(repository: Repository) -> None:
    new.new(repository, Kind.COMPONENT, "churn-model", [])

    done = new.new(repository, Kind.PIPELINE, "churn-model", ["local"])

    assert done.edited == ("environments/local.yml",)
    assert not any(file.startswith("components/") for file in done.written)


@pytest.mark.parametrize(
    ("kind", "text", "env", "words"),
    [
        (Kind.PIPELINE, "greet", [], "base/pipelines/greet.yml is there already"),
        (Kind.COMPONENT, "greeter", [], "components/greeter/OWNERS is there already"),
        (Kind.PIPELINE, "churn", ["stagin"], "there is no environment stagin"),
        (Kind.COMPONENT, "churn", ["local"], "--env is for a pipeline"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_written(
    repository: Repository, kind: Kind, text: str, env: list[str], words: str
) -> None:
    before = sorted(repository.files("**/*"))

    with pytest.raises(GraftError, match=words):
        new.new(repository, kind, text, env)

    assert sorted(repository.files("**/*")) == before


def test_where_everything_is_pinned_an_environment_must_be_named(repository: Repository) -> None:
    for name in ("local", "staging"):
        (repository.root / f"environments/{name}.yml").unlink()

    with pytest.raises(GraftError) as refused:
        new.new(repository, Kind.PIPELINE, "churn-model", [])

    assert refused.value.fix == "name one by --env"


def test_a_new_environment_has_what_no_two_may_share_for_itself_and_passes(repository: Repository) -> None:
    done = new.new(repository, Kind.ENVIRONMENT, "canary", **{"from": "staging"})

    render.render(repository)

    assert done.written == ("environments/canary.yml",)
    assert not [finding for finding in check.check(repository) if finding.failing]
    text = repository.text("environments/canary.yml")
    assert "namespace: greet-canary" in text and "uri: s3://greet-canary" in text and "/mlflow_canary" in text


def test_a_new_cluster_renders_beside_the_others(repository: Repository) -> None:
    server = "https://three.staging.test"
    new.new(repository, Kind.CLUSTER, ["staging", "three"], engine="argo", server=server)
    new.new(repository, Kind.CLUSTER, ["prod", "north"], engine="kubeflow", server="https://north.prod.test")

    render.render(repository)

    assert repository.exists("rendered/staging/three/greet/workflowtemplate.yaml")
    assert repository.exists("rendered/prod/north/greet/pipelineversion.yaml")
    assert not [finding for finding in check.check(repository) if finding.failing]


def test_a_new_policy_has_an_example_of_each_and_passes(repository: Repository) -> None:
    done = new.new(repository, Kind.POLICY, "services-name-no-host")

    render.render(repository)

    assert not [finding for finding in check.check(repository) if finding.failing]
    assert sorted(done.written) == [
        "schemas/policies/services-name-no-host.yaml",
        "tests/policies/services-name-no-host/allowed/inside.yaml",
        "tests/policies/services-name-no-host/denied/outside.yaml",
    ]


@pytest.mark.parametrize(
    ("kind", "words", "given", "message"),
    [
        (Kind.ENVIRONMENT, ["canary"], {}, "--from is missing"),
        (Kind.ENVIRONMENT, ["canary"], {"from": "stagin"}, "there is no environment stagin"),
        (Kind.ENVIRONMENT, ["prod"], {"from": "staging"}, "environments/prod.yml is there already"),
        (Kind.CLUSTER, ["three"], {"engine": "argo"}, "a cluster is named by ENV NAME"),
        (Kind.CLUSTER, ["staging", "one"], {"engine": "argo", "server": "https://a.test"}, "has a cluster one already"),
        (Kind.CLUSTER, ["staging", "three"], {"engine": "argo"}, "must say server"),
        (Kind.CLUSTER, ["staging", "three"], {}, "--engine is missing"),
        (Kind.POLICY, ["Services"], {}, "cannot be a name"),
        (Kind.POLICY, ["services"], {"engine": "argo"}, "--engine is for a cluster"),
    ],
)
def test_what_is_not_said_or_there_already_is_refused(
    repository: Repository, kind: Kind, words: list[str], given: dict[str, str], message: str
) -> None:
    with pytest.raises(GraftError, match=message):
        new.new(repository, kind, words, **given)
