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
