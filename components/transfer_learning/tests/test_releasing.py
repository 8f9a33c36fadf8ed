"""Gate and register, one run after the other, on a real model, a real database and real files."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from graft_steps import records, registry
from graft_steps import releasing as shared_releasing
from graft_steps.releasing import Gated
from graft_steps.run_context import RunContext
from transfer_learning import dataset
from transfer_learning.champion import compare_with_champion
from transfer_learning.dataset import Data
from transfer_learning.steps import releasing
from transfer_learning_small import Trained

NAME = "transfer-learning-voices"


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root = tmp_path_factory.mktemp("environment")
    return {
        "MLFLOW_TRACKING_URI": f"sqlite:///{root}/mlflow.db",
        "STORAGE_URI": f"{root}/store",
        "GRAFT_PIPELINE": "transfer-learning",
        "GRAFT_ENVIRONMENT": "local",
        "GRAFT_DEFINITION": "5b1e7d20c9",
        "GRAFT_IMAGE": "transfer-learning@sha256:0",
    }


@pytest.fixture(autouse=True)
def environment(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def gated(trained: Trained, tmp_path: Path, threshold: float = 0.0) -> Gated:
    return releasing.gate(trained.data, trained.model, trained.evaluation, threshold, tmp_path / "summary.md")


def worse(trained: Trained, tmp_path: Path, **used: str) -> Trained:
    """The same run with its first right answer turned wrong."""
    folder = tmp_path / "worse"
    shutil.copytree(trained.evaluation, folder)
    written = json.loads((folder / "results.json").read_text())
    first = written["outcomes"][0]
    pairs = zip(first["test_truth"], first["transfer"]["test"], strict=True)
    right = next(i for i, (truth, answer) in enumerate(pairs) if truth == answer)
    first["transfer"]["test"][right] = (first["test_truth"][right] + 1) % 3
    written["used"] |= used
    (folder / "results.json").write_text(json.dumps(written))
    return replace(trained, evaluation=folder)


@pytest.fixture(scope="module")
def champion(variables: dict[str, str], trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Gated:
    """The first run, accepted and registered."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        first = gated(trained, folder)
        shared_releasing.register(trained.model, first.model_name, first.run_id, folder / "registered.md")
    return first


def test_the_first_run_is_accepted_and_its_record_says_what_was_used(
    champion: Gated, variables: dict[str, str], trained: Trained
) -> None:
    assert (champion.accepted, champion.model_name) == (True, NAME)
    run = records.client(RunContext.from_variables(variables)).get_run(champion.run_id)
    assert {"seed": "11", "epochs": "6", "learning_rate": "0.003"}.items() <= run.data.params.items()
    assert run.data.params["data_digest"] == dataset.load(trained.data).digest()
    assert run.data.tags["graft.definition"] == "5b1e7d20c9"
    assert run.data.tags["decision"] == "accepted"
    kept = {file.name for file in Path(run.info.artifact_uri).rglob("*")}
    assert {"curves.png", "confusion.png", "samples.png", "report.html", "saved_model.pb", "MLmodel"} <= kept


def test_the_registered_model_is_the_one_that_was_measured(
    champion: Gated, variables: dict[str, str], trained: Trained
) -> None:
    found = registry.champion(records.client(RunContext.from_variables(variables)), NAME)
    assert found.uri == f"{variables['STORAGE_URI']}/models/{NAME}/{found.version}"
    for file in ("saved_model.pb", "assets.extra/model.json"):
        assert (Path(found.uri) / file).read_bytes() == (trained.model / file).read_bytes()


def test_an_equal_run_is_recorded_and_not_accepted(
    champion: Gated, variables: dict[str, str], trained: Trained, tmp_path: Path
) -> None:
    second = gated(trained, tmp_path)
    assert not second.accepted
    assert "only equals champion version 1" in second.reason
    tags = records.client(RunContext.from_variables(variables)).get_run(second.run_id).data.tags
    assert (tags["decision"], tags["reason"], tags["champion"]) == ("refused", second.reason, "1")
    assert second.reason in (tmp_path / "summary.md").read_text()


def test_a_worse_run_on_the_same_items_says_so(champion: Gated, trained: Trained, tmp_path: Path) -> None:
    found = gated(worse(trained, tmp_path), tmp_path)
    assert not found.accepted
    assert "does not beat champion version 1" in found.reason


def test_on_other_items_the_champions_savedmodel_is_run_again(
    champion: Gated, trained: Trained, tmp_path: Path
) -> None:
    """Another digest: its record no longer counts, and its answers to the same items are one better."""
    found = gated(worse(trained, tmp_path, data_test_digest="other"), tmp_path)
    assert not found.accepted
    assert "does not beat champion version 1" in found.reason


def test_a_model_below_the_threshold_is_refused_before_any_champion(trained: Trained, tmp_path: Path) -> None:
    assert "is below the threshold 0.99" in gated(trained, tmp_path, 0.99).reason


def test_the_comparison_leaves_out_what_the_champion_was_trained_on(trained: Trained, data: Data) -> None:
    """The champion's own training items, put among the test items, do not count for it."""
    draw = data.draws[0]
    unseen = compare_with_champion("1", trained.model, draw.test, draw.test.labels.tolist())
    seen = compare_with_champion("1", trained.model, draw.train, draw.train.labels.tolist())
    assert (unseen.champion.n, unseen.challenger.value) == (len(draw.test), 1.0)
    assert (seen.champion, seen.not_compared) == (None, "it was trained on all of these test items")


def test_a_champion_of_other_classes_is_not_compared(trained: Trained, data: Data) -> None:
    other = data.draws[1].test
    comparison = compare_with_champion("1", trained.model, other, other.labels.tolist())
    assert comparison.not_compared == "it was trained on other classes"
