"""A pipeline is added to an environment's file, of which every other line stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from generators.errors import GraftError
from generators.scaffold.environments import with_pipeline

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted([*ROOT.glob("environments/*.yml"), *ROOT.glob("tests/tiny/environments/*.yml")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_an_environment_runs_the_pipeline_and_keeps_its_comments(file: Path) -> None:
    before = file.read_text()

    after = with_pipeline(before, file.name, "churn-model")

    document = yaml.safe_load(after)
    assert document["classes"][-1] == "pipelines.churn_model"
    assert document["parameters"]["pipelines"]["churn-model"] == {"track": "head"}
    kept = [line for line in before.splitlines() if not line.startswith("classes: [")]
    rest = iter(after.splitlines())
    assert all(line in rest for line in kept)


def test_an_environment_without_pipelines_gets_its_first() -> None:
    after = with_pipeline("classes:\n  - defaults\nparameters:\n  environment: a\n", "a.yml", "churn-model")

    assert after == (
        "classes:\n  - defaults\n  - pipelines.churn_model\n"
        "parameters:\n  environment: a\n  pipelines:\n    churn-model: {track: head}\n"
    )


def test_a_file_with_another_indentation_keeps_it() -> None:
    after = with_pipeline("classes:\n- defaults\nparameters:\n    pipelines: {}\n", "a.yml", "churn-model")

    assert after == (
        "classes:\n- defaults\n- pipelines.churn_model\nparameters:\n    pipelines: {churn-model: {track: head}}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "parameters: {}\n",
        "classes: [a\n",
        "- a\n",
        "classes: [a]\nparameters:\n  pipelines: none\n",
    ],
)
def test_a_file_that_an_edit_would_change_elsewhere_is_left_to_its_author(text: str) -> None:
    with pytest.raises(GraftError) as refused:
        with_pipeline(text, "environments/a.yml", "churn-model")

    assert refused.value.message.startswith("environments/a.yml")
    assert refused.value.fix == (
        "add pipelines.churn_model to classes, and pipelines.churn-model: {track: head}, by hand"
    )
