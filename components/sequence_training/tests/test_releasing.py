"""Gate and register on a real MLflow, and what is recorded of every run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from graft_steps import records, releasing
from graft_steps.checks import StepError
from graft_steps.releasing import Gated
from graft_steps.run_context import RunContext
from sequence_training import evaluation, oscillators
from sequence_training.champion import compare_with_champion
from sequence_training.series import Series
from sequence_training.steps import judging, preparing, transferring
from sequence_training.steps import releasing as steps
from sequence_training_small import FIXTURE, Trained


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    found = {
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db",
        "STORAGE_URI": f"{tmp_path}/store",
        "GRAFT_PIPELINE": "sequence-training",
        "GRAFT_ENVIRONMENT": "local",
        "GRAFT_DEFINITION": "5b1e7d20c9",
        "GRAFT_IMAGE": "sequence-training@sha256:0",
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


def gated(trained: Trained, folder: Path, threshold: float = 0.1, evaluated: Path | None = None) -> Gated:
    return steps.gate(trained.data, trained.model, evaluated or trained.evaluation, threshold, folder / "summary.md")


def changed(trained: Trained, folder: Path, **fields: object) -> Path:
    """The evaluation with other results."""
    shutil.copytree(trained.evaluation, folder / "changed")
    file = folder / "changed" / evaluation.FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))
    return folder / "changed"


def test_a_run_is_accepted_registered_and_recorded_with_pictures_curves_and_model(
    variables: dict[str, str], trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = gated(trained, tmp_path)
    version, uri = releasing.register(trained.model, first.model_name, first.run_id, tmp_path / "registered.md")
    mlflow = records.client(RunContext.from_variables(variables))
    data = mlflow.get_run(first.run_id).data
    assert first.accepted and version == "1" and (Path(uri) / "MLmodel").is_file()
    assert data.params["dataset_uid"] == "short" and data.params["learning_rate"] == "0.01"
    assert data.metrics["r2"] == trained.metrics["r2"] and data.metrics["baseline"] == data.metrics["persistence_r2"]
    assert len(mlflow.get_metric_history(first.run_id, "validation_loss")) == 3
    files = {each.path for place in ("", "plots") for each in mlflow.list_artifacts(first.run_id, place)}
    assert {"report.html", "model", "plots/predictions.png", "plots/curves.png"} <= files
    assert "Decision: r2 0." in (tmp_path / "summary.md").read_text()

    second = gated(trained, tmp_path)
    assert not second.accepted and "only equals champion version 1" in second.reason
    monkeypatch.setenv("GRAFT_PIPELINE", "sequence-retraining")
    retrained = gated(trained, tmp_path)
    assert (retrained.model_name, retrained.accepted) == ("sequence-training", False)  # it has the same champion
    other = gated(trained, tmp_path, evaluated=changed(trained, tmp_path, test_digest="other"))
    assert "champion version 1" in other.reason and "only equals" in other.reason  # its SavedModel was run again


def test_below_the_threshold_and_below_persistence_a_model_is_refused(
    variables: dict[str, str], trained: Trained, tmp_path: Path
) -> None:
    assert "is below the threshold 0.99" in gated(trained, tmp_path, 0.99).reason
    estimates = evaluation.read(trained.evaluation)["estimates"]
    swapped = {**estimates, "model": estimates["persistence"], "persistence": estimates["model"]}
    found = gated(trained, tmp_path, 0.0, changed(trained, tmp_path, estimates=swapped))
    assert not found.accepted and "does not beat saying that the next row equals the last" in found.reason
    with pytest.raises(StepError, match="r2_threshold: 2 must be a number from 0 to 1"):
        gated(trained, tmp_path, 2)


def test_a_champion_that_has_learnt_from_the_test_rows_or_of_other_channels_is_not_compared(
    trained: Trained, short: Series
) -> None:
    from sequence_training.windows import windows

    seen = windows(short.values, slice(0, 300))
    found = compare_with_champion("1", trained.model, short, seen, seen.targets, 1)
    assert (found.champion, found.not_compared) == (None, "it has learnt from all but 0 of these test rows")
    renamed = Series(short.times, short.values, ("x", "y", "z"))
    assert "other channels" in compare_with_champion("1", trained.model, renamed, seen, seen.targets, 1).not_compared


def test_preprocessing_is_recorded_with_its_picture_once_its_series_is_stored(
    variables: dict[str, str], tmp_path: Path
) -> None:
    oscillators.write_raw(7, tmp_path / "raw")
    places = [tmp_path / name for name in ("series", "evidence", "page.html")]
    preparing.preprocess(tmp_path / "raw", {"dataset_uid": "raw"}, FIXTURE, *places)
    digest = transferring.upload(places[0], "datasets", "clean", tmp_path / "summary.md")
    run_id = steps.record_preprocessing(places[1], "clean", digest)
    mlflow = records.client(RunContext.from_variables(variables))
    run = mlflow.get_run(run_id).data
    assert run.tags["stored_digest"] == digest and run.metrics["spikes"] == 12 and run.params["stored_uid"] == "clean"
    assert [each.path for each in mlflow.list_artifacts(run_id, "plots")] == ["plots/cleaned.png"]
    assert transferring.download_dataset("clean", tmp_path / "back")["dataset_digest"] == digest


def test_the_held_out_rows_are_found_by_what_the_model_says_of_itself(trained: Trained, short: Series) -> None:
    from graft_steps.models import facts_of

    how, test = judging.held_out(short, facts_of(trained.model))
    assert (how.seed, len(test)) == (11, int(len(short) * 0.2) - 100)
