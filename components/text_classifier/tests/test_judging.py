"""Measuring on the test texts: the numbers, the majority beside them, and what may not be measured."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from graft_steps.checks import StepError
from graft_steps.gate import Decision
from graft_steps.models import FACTS
from text_classifier import dataset, evaluation, exporting, report
from text_classifier.steps import judging
from text_classifier_small import Small, Trained


def test_the_numbers_are_those_of_the_savedmodel_and_beat_the_majority_by_far(trained: Trained) -> None:
    results = evaluation.read(trained.evaluation)
    data, _ = dataset.read(trained.data)
    names, _ = exporting.served(trained.model, data.test.texts)
    truth = [data.classes[label] for label in data.test.labels]
    right = sum(a == b for a, b in zip(truth, names, strict=True))
    found = evaluation.estimate(results)
    assert (found.value, found.n) == (right / len(truth), len(truth))
    most = max(truth.count(name) for name in set(truth)) / len(truth)
    assert results["majority"] == most and found.low > most + 0.3
    assert sum(sum(row) for row in results["confusion"]) == len(truth)


def test_a_model_that_answers_always_the_same_is_found() -> None:
    with pytest.raises(StepError, match="answers 'b' to every test text: it has learnt nothing"):
        evaluation.measured(["x", "y", "z"], [0, 1, 0], [1, 1, 1], ["a", "b"])


def test_test_texts_that_the_model_has_learnt_from_are_found(trained: Trained, tmp_path: Path) -> None:
    shutil.copytree(trained.model, tmp_path / "model")
    data, _ = dataset.read(trained.data)
    file = tmp_path / "model" / FACTS
    facts = json.loads(file.read_text())
    file.write_text(json.dumps({**facts, "seen": [*facts["seen"], *exporting.prints(data.test.texts[:3])]}))
    with pytest.raises(StepError, match="has learnt from 3 of the 600 test texts"):
        judging.evaluate(trained.data, tmp_path / "model", tmp_path / "out", tmp_path / "page")


def test_the_page_needs_no_other_file_and_says_what_was_used(trained: Trained) -> None:
    text = trained.page.read_text()
    assert text.count('src="data:image/png;base64,') == 3
    assert text == (trained.evaluation / "report.html").read_text()
    assert "learning_rate" in text and "embeddings_digest" in text and "always the same class" in text


def test_the_summary_says_everything_once_in_a_screenful(trained: Trained) -> None:
    results = evaluation.read(trained.evaluation)
    text = report.summary(results, Decision(True, "it is better"), {"plots": "/store/plots"})
    expected = ["Text classifier: accepted", "| harbour |", "Decision: it is better", "/store/plots"]
    assert [part for part in expected if part not in text] == []
    assert len(text.splitlines()) <= 25 and max(map(len, text.splitlines())) <= 160


def test_the_same_seed_gives_the_same_answers(small: Small, trained: Trained, tmp_path: Path) -> None:
    from text_classifier.steps import learning
    from text_classifier_small import task

    learning.train(task(small), learning.CPU, tmp_path / "model")
    data, _ = dataset.read(small.data)
    (_, first), (_, second) = (exporting.served(each, data.test.texts) for each in (trained.model, tmp_path / "model"))
    assert first.tobytes() == second.tobytes()


def test_the_gpu_branch_says_what_is_missing(small: Small, tmp_path: Path) -> None:
    from graft_steps.tensorflow_runtime import tf
    from text_classifier.steps import learning
    from text_classifier_small import task

    if tf.config.list_physical_devices("GPU"):
        pytest.skip("not run: this machine has a GPU")
    with pytest.raises(StepError, match=r"this step has no GPU: .*accelerator: required at the step gpu/train-gpu"):
        learning.train(task(small), learning.GPU, tmp_path / "model")
