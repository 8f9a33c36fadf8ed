"""Gate and register, one run after the other, on real boundaries, a real database and real files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from graft_steps import records, registry
from graft_steps import releasing as shared_releasing
from graft_steps.checks import StepError
from graft_steps.releasing import Gated
from graft_steps.run_context import RunContext
from latent_boundary import dataset
from latent_boundary.steps import releasing
from latent_boundary_small import Run

NAME = "latent-boundary-linear"


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root = tmp_path_factory.mktemp("environment")
    return {
        "MLFLOW_TRACKING_URI": f"sqlite:///{root}/mlflow.db",
        "STORAGE_URI": f"{root}/store",
        "GRAFT_PIPELINE": "latent-boundary",
        "GRAFT_ENVIRONMENT": "local",
        "GRAFT_DEFINITION": "5b1e7d20c9",
        "GRAFT_IMAGE": "latent-boundary@sha256:0",
    }


@pytest.fixture(autouse=True)
def environment(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def gated(run: Run, folder: Path, threshold: float = 0.9, evaluation: Path | None = None) -> Gated:
    summary = folder / "summary.md"
    return releasing.gate(run.data, run.directions, evaluation or run.evaluation, threshold, "none", summary)


def changed(run: Run, folder: Path, cosine: float | None = None, **used: Any) -> Path:
    """The same evaluation with another cosine of smile, or without any, and other facts."""
    copy = Path(shutil.copytree(run.evaluation, folder / "changed"))
    written = json.loads((copy / "results.json").read_text())
    for each in written["boundaries"]:
        if cosine is None:
            each["cosine"] = None
        elif each["attribute"] == "smile":
            each["cosine"] |= {"value": cosine, "low": cosine - 0.01, "high": cosine + 0.01}
    written["used"] |= used
    (copy / "results.json").write_text(json.dumps(written))
    return copy


@pytest.fixture(scope="module")
def champion(variables: dict[str, str], finished: Run, tmp_path_factory: pytest.TempPathFactory) -> Gated:
    """The first run, accepted and registered."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        first = gated(finished, folder)
        shared_releasing.register(finished.directions, first.model_name, first.run_id, folder / "registered.md")
    return first


def test_the_first_run_is_accepted_and_its_record_says_what_was_used(
    champion: Gated, variables: dict[str, str], finished: Run
) -> None:
    assert (champion.accepted, champion.model_name) == (True, NAME)
    assert "beats the best of a thousand random directions (0.40)" in champion.reason
    run = records.client(RunContext.from_variables(variables)).get_run(champion.run_id)
    expected = {"seed": "7", "chosen": "0.03", "images": "3000", "generator": "linear", "dataset_uri": "none"}
    expected |= {"classifier": "templates", "image_size": "32", "split_ratio": "0.7", "threshold": "0.9", "shards": "4"}
    assert expected.items() <= run.data.params.items()
    assert run.data.params["data_digest"] == dataset.load(finished.data).digest()
    assert run.data.tags["decision"] == "accepted"
    assert {"lowest_cosine", "lowest_cosine_low", "smile_cosine", "hair_spill", "baseline"} <= set(run.data.metrics)
    kept = {file.name for file in Path(run.info.artifact_uri).rglob("*")}
    assert {"edits-smile.png", "measured.png", "changes.png", "report.html", "directions.npz", "MLmodel"} <= kept


def test_the_registered_model_is_the_one_that_was_measured(
    champion: Gated, variables: dict[str, str], finished: Run
) -> None:
    found = registry.champion(records.client(RunContext.from_variables(variables)), NAME)
    assert (Path(found.uri) / "directions.npz").read_bytes() == (finished.directions / "directions.npz").read_bytes()


def test_an_equal_run_is_recorded_and_not_accepted(champion: Gated, finished: Run, tmp_path: Path) -> None:
    second = gated(finished, tmp_path)
    assert not second.accepted
    assert "only equals champion version 1" in second.reason
    assert second.reason in (tmp_path / "summary.md").read_text()


def test_a_better_and_a_worse_cosine_are_told_apart(champion: Gated, finished: Run, tmp_path: Path) -> None:
    for cosine, expected in ((0.91, "does not beat champion version 1"), (0.5, "is below the threshold 0.90")):
        folder = tmp_path / str(cosine)
        folder.mkdir()
        assert expected in gated(finished, folder, evaluation=changed(finished, folder, cosine)).reason


def test_a_direction_no_better_than_chance_is_refused(finished: Run, tmp_path: Path) -> None:
    found = gated(finished, tmp_path, 0.0, changed(finished, tmp_path, 0.3))
    assert not found.accepted
    assert "does not beat the best of a thousand random directions" in found.reason


def test_other_attributes_do_not_compete(champion: Gated, finished: Run, tmp_path: Path) -> None:
    folder = changed(finished, tmp_path, 0.95)
    written = json.loads((folder / "results.json").read_text())
    written["boundaries"] = written["boundaries"][:2]
    (folder / "results.json").write_text(json.dumps(written))
    found = gated(finished, tmp_path, evaluation=folder)
    assert found.accepted
    assert "champion version 1 was not compared: it has boundaries of other attributes" in found.reason


def test_without_planted_directions_accuracies_compete_on_pictures_that_neither_has_seen(
    champion: Gated, finished: Run, tmp_path: Path
) -> None:
    """Here both are the same boundaries, so that they answer alike; nothing of the validation part was trained on."""
    found = gated(finished, tmp_path, evaluation=changed(finished, tmp_path))
    assert not found.accepted
    assert "only equals champion version 1: 1.00 on the same test items" in found.reason


def test_a_threshold_that_is_no_share_is_refused(finished: Run, tmp_path: Path) -> None:
    with pytest.raises(StepError, match="threshold"):
        gated(finished, tmp_path, 1.5)


@pytest.mark.parametrize(
    ("generator", "name"),
    [("linear", "linear"), ("s3://models/ffhq-256.pkl", "ffhq-256"), ("/models/cats.v2.pkl", "cats.v2")],
)
def test_a_model_is_named_by_its_generator(generator: str, name: str) -> None:
    assert releasing._variety(generator) == name
