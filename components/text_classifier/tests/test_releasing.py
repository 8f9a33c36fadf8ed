"""Gate, register and metadata on a real MLflow, and what is recorded of every run."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from graft_steps import records, releasing
from graft_steps.checks import StepError
from graft_steps.models import FACTS
from graft_steps.releasing import Gated
from graft_steps.run_context import RunContext
from text_classifier import dataset, evaluation
from text_classifier.champion import compare_with_champion
from text_classifier.steps import releasing as steps
from text_classifier_small import Trained


def gated(trained: Trained, folder: Path, threshold: float = 0.5, evaluated: Path | None = None) -> Gated:
    return steps.gate(
        trained.data, trained.model, evaluated or trained.evaluation, threshold, "search-team", folder / "summary.md"
    )


def changed(trained: Trained, folder: Path, **fields: Any) -> Path:
    """The evaluation with other results."""
    shutil.copytree(trained.evaluation, folder / "changed")
    file = folder / "changed" / evaluation.FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))
    return folder / "changed"


def test_a_run_is_recorded_registered_and_its_metadata_are_whole(
    variables: dict[str, str], trained: Trained, tmp_path: Path
) -> None:
    first = gated(trained, tmp_path)
    version, uri = releasing.register(trained.model, first.model_name, first.run_id, tmp_path / "registered.md")
    uris = {"dataset": "s3://runs/dataset", "trained_model": "s3://runs/model"}
    places = (tmp_path / "metadata.json", tmp_path / "metadata.md")
    found = steps.record(trained.model, uris, "search-team", version, uri, first.run_id, *places)
    mlflow = records.client(RunContext.from_variables(variables))
    run = mlflow.get_run(first.run_id).data

    assert first.accepted and (version, found["version"], run.tags["version"]) == ("1", "1", "1")
    assert found["owner"] == run.tags["owner"] == "search-team"
    started, finished = (datetime.fromisoformat(found[name]) for name in ("started", "finished"))
    assert started <= finished and run.tags["started"] == found["started"] == trained.used["started"]
    assert found["hyperparameters"]["dropout"] == 0.4 and found["hyperparameters"]["branch"] == "cpu"
    assert found["uris"] | uris == found["uris"] and found["uris"]["registered_model"] == uri
    assert found["uris"]["train_path"] == "fixture-7"
    assert all(len(digest) == 64 for digest in found["digests"].values()) and "model" in found["digests"]
    assert found["digests"]["data_digest"] == dataset.read(trained.data)[0].digest()
    assert (
        json.loads(Path(mlflow.download_artifacts(first.run_id, "metadata.json", str(tmp_path))).read_text()) == found
    )
    assert found["graft.definition"] == "5b1e7d20c9"
    assert run.metrics["accuracy_n"] == 600 and run.metrics["baseline"] == run.metrics["majority"]
    assert run.params["embeddings_digest"] == trained.used["embeddings_digest"]
    assert len(mlflow.get_metric_history(first.run_id, "validation_loss")) > 3
    files = {each.path for place in ("", "plots") for each in mlflow.list_artifacts(first.run_id, place)}
    assert {"report.html", "model", "metadata.json", "plots/confusion.png", "plots/curves.png"} <= files

    second = gated(trained, tmp_path)
    assert not second.accepted and "only equals champion version 1" in second.reason
    other = gated(trained, tmp_path, evaluated=changed(trained, tmp_path, test_digest="other"))
    assert "champion version 1" in other.reason and "only equals" in other.reason  # its SavedModel was run again


def test_below_the_threshold_and_at_the_majority_a_model_is_refused(
    variables: dict[str, str], trained: Trained, tmp_path: Path
) -> None:
    assert "is below the threshold 0.99" in gated(trained, tmp_path, 0.99).reason
    shuffled = changed(trained, tmp_path, right=230)
    found = gated(trained, tmp_path, 0.0, shuffled)
    assert not found.accepted and "does not beat always naming the most frequent class: 0.37" in found.reason
    with pytest.raises(StepError, match="accuracy_threshold: 2 must be a number from 0 to 1"):
        gated(trained, tmp_path, 2)
    with pytest.raises(StepError, match="owner: it is empty"):
        steps.gate(trained.data, trained.model, trained.evaluation, 0.5, " ", tmp_path / "summary.md")


def test_a_champion_that_has_learnt_from_the_test_or_has_other_classes_is_not_compared(
    trained: Trained, tmp_path: Path
) -> None:
    data, _ = dataset.read(trained.data)
    results = evaluation.read(trained.evaluation)
    seen = dataset.Data(data.training, data.validation, data.training, data.classes, data.tokenizer)
    answers = list(data.training.labels)
    found = compare_with_champion("1", trained.model, seen, answers)
    assert (found.champion, found.not_compared) == (None, "it has learnt from all but 0 of these test texts")
    shutil.copytree(trained.model, tmp_path / "model")
    file = tmp_path / "model" / FACTS
    file.write_text(json.dumps({**json.loads(file.read_text()), "classes": ["a", "b"]}))
    other = compare_with_champion("1", tmp_path / "model", data, results["answers"])
    assert other.not_compared == "it was trained on other classes"
