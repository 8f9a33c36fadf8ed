"""Measuring on the held-out future: the numbers, persistence beside them, and what may not be measured."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from graft_steps.gate import Decision
from graft_steps.models import FACTS
from sequence_training import evaluation, exporting, report, series
from sequence_training.series import Series
from sequence_training.steps import judging, learning
from sequence_training_small import ORIGIN, Trained, document


def test_the_numbers_are_those_of_the_servedmodel_on_the_last_rows(trained: Trained, short: Series) -> None:
    results = evaluation.read(trained.evaluation)
    tested = int(len(short) * 0.2)
    truth = short.values[-tested + 100 :]
    np.testing.assert_array_equal(results["truth"], truth)
    answers = np.array(results["answers"])
    by_hand = 1 - ((truth - answers) ** 2).sum(axis=0) / ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    assert trained.metrics["r2"] == pytest.approx(by_hand.mean())
    errors = (truth - answers) / exporting.scaler(trained.model).deviation
    assert trained.metrics["mse"] == pytest.approx((errors**2).mean())
    assert trained.metrics["mae"] == pytest.approx(np.abs(errors).mean())
    assert trained.metrics["r2_n"] == len(truth)


def test_even_a_short_training_beats_that_the_next_row_equals_the_last(trained: Trained) -> None:
    results = evaluation.read(trained.evaluation)
    model, persistence = (evaluation.estimate(results, who) for who in ("model", "persistence"))
    assert model.low > persistence.high
    assert model.low < model.value < model.high
    assert evaluation.estimate(results, "model", "mse").high < evaluation.estimate(results, "persistence", "mse").low


def changed(trained: Trained, folder: Path, **facts: object) -> Path:
    """The model, saying other things of itself."""
    shutil.copytree(trained.model, folder / "model")
    file = folder / "model" / FACTS
    file.write_text(json.dumps({**json.loads(file.read_text()), **facts}))
    return folder / "model"


def test_a_retrained_model_is_compared_with_what_it_started_from(trained: Trained, tmp_path: Path) -> None:
    places = (tmp_path / "evaluation", tmp_path / "page.html")
    found = judging.evaluate(trained.data, trained.model, trained.model, *places)
    assert found["base_r2"] == found["r2"] == trained.metrics["r2"]
    assert "the stored model that it started from: 0." in places[1].read_text()


def test_test_rows_that_the_model_has_learnt_from_are_found(trained: Trained, tmp_path: Path) -> None:
    """As of a stored model that had more of the series for training than the document of now leaves."""
    model = changed(trained, tmp_path, used={**trained.used, "test_share": 0.3})
    with pytest.raises(StepError, match=r"has learnt from 60 of the 380 test rows, so the test would say nothing"):
        judging.evaluate(trained.data, model, None, tmp_path / "out", tmp_path / "page")


def test_a_model_that_answers_always_the_same_is_found() -> None:
    with pytest.raises(StepError, match="answers a channel always the same"):
        evaluation.require_answers(np.column_stack([np.arange(9.0), np.ones(9), np.arange(9.0)]))
    with pytest.raises(StepError, match="no finite number"):
        evaluation.require_answers(np.full((9, 3), np.nan))


def test_a_shuffled_column_shows_in_its_r2(trained: Trained, short: Series, tmp_path: Path) -> None:
    values = short.values.copy()
    values[:, 2] = np.random.default_rng(1).permutation(values[:, 2])
    series.write(Series(short.times, values, short.channels), tmp_path / "data")
    learning.train(tmp_path / "data", ORIGIN, document(epochs=1), tmp_path / "model")
    found = judging.evaluate(tmp_path / "data", tmp_path / "model", None, tmp_path / "out", tmp_path / "page")
    assert found["r2_right"] < 0.05 < trained.metrics["r2_right"]


def test_the_interval_of_dependent_rows_is_wider_than_that_of_rows_drawn_alone() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(2000, 3))
    slow = np.repeat(rng.normal(size=(80, 3)), 25, axis=0)  # errors that last for 25 rows
    mse = evaluation.estimates(truth, truth + slow, 1)["mse"]
    alone = evaluation.bootstrapped("mse", evaluation.mse, [truth, truth + slow], 1, False)
    assert mse.high - mse.low > 2 * (alone.high - alone.low)
    assert mse.n == 2000


def test_the_page_needs_no_other_file_and_says_what_was_used(trained: Trained) -> None:
    text = trained.page.read_text()
    assert text.count('src="data:image/png;base64,') == 4
    assert text == (trained.evaluation / "report.html").read_text()
    assert "learning_rate" in text and "next equals last" in text and "19587" in text


def test_a_model_without_a_scaler_is_refused(trained: Trained, tmp_path: Path) -> None:
    model = changed(trained, tmp_path, scaler=None)
    with pytest.raises(StepError, match="names no scaler"):
        judging.evaluate(trained.data, model, None, tmp_path / "out", tmp_path / "page")


def test_the_summary_says_everything_once_in_a_screenful(trained: Trained) -> None:
    results = evaluation.read(trained.evaluation)
    text = report.summary(results, Decision(True, "it is better"), {"plots": "/store/plots"})
    expected = ["short: accepted", "| next equals last |", "Decision: it is better", "/store/plots"]
    assert [part for part in expected if part not in text] == []
    assert len(text.splitlines()) <= 20 and max(map(len, text.splitlines())) <= 160
