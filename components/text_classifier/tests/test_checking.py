"""Skew, drift and noise: what is planted is found by its name, and what is not there is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graft_steps import releasing
from graft_steps.checks import StepError
from text_classifier import language
from text_classifier.steps import checking
from text_classifier.steps import releasing as steps
from text_classifier_rows import TEST, TRAINING, Rows, prepare
from text_classifier_small import Small, Trained

LIMITS = {"skew": 0.2, "drift": 0.2, "noise": 0.2}


def check(folder: Path, training: Rows = TRAINING, test: Rows = TEST, **limits: float) -> dict[str, float]:
    prepare(folder, training, test)
    return checking.check(folder / "out", {**LIMITS, **limits}, folder / "page.html")


def test_the_fixture_passes_and_the_page_shows_it(variables: dict[str, str], small: Small, tmp_path: Path) -> None:
    found = checking.check(small.data, LIMITS, tmp_path / "page.html")
    assert 0 < found["suspicious_labels"] < 0.1 and max(found.values()) < 0.1
    text = (tmp_path / "page.html").read_text()
    assert "There is no champion to have drifted from" in text and "data:image/png" in text


def longer(rows: Rows) -> Rows:
    return [(f"{text} {text}", label) for text, label in rows]


def foreign(rows: Rows) -> Rows:
    return [(re.sub(r"(\w+) (\w+)", r"\1 x\2", text), label) for text, label in rows]


def lopsided(rows: Rows) -> Rows:
    return [row for at, row in enumerate(rows) if row[1] == "workshop" or at % 4 == 0]


@pytest.mark.parametrize(
    ("plant", "feature"),
    [(longer, "length"), (foreign, "unknown words"), (lopsided, "class")],
)
def test_a_planted_skew_is_found_by_name(plant: Any, feature: str, variables: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(StepError, match=rf"skew beyond limits.skew \(0.2\): (.*; )?{feature}: 0\.\d+ at"):
        check(tmp_path, test=plant(TEST))
    assert (tmp_path / "page.html").is_file()  # the page is there for people, though the step has failed
    assert check(tmp_path, test=plant(TEST), skew=1.0)["suspicious_labels"] < 0.1


def test_a_planted_drift_since_the_champion_is_found(
    variables: dict[str, str], trained: Trained, tmp_path: Path
) -> None:
    gated = steps.gate(trained.data, trained.model, trained.evaluation, 0.3, "team", tmp_path / "summary.md")
    releasing.register(trained.model, gated.model_name, gated.run_id, tmp_path / "registered.md")
    assert check(tmp_path)["drift_length"] < 0.01
    with pytest.raises(StepError, match=r"drift beyond limits.drift \(0.2\): length: 0\.\d+ at"):
        check(tmp_path, longer(TRAINING), longer(TEST))
    assert check(tmp_path, longer(TRAINING), longer(TEST), drift=1.0)["drift_length"] > 0.5


@pytest.mark.parametrize("share", [0.3, 1.0], ids=["noise", "shuffled"])
def test_planted_noise_in_the_labels_and_a_shuffled_column_are_found(
    share: float, variables: dict[str, str], tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    chosen = np.flatnonzero(rng.random(len(TRAINING)) < share)
    labels = [label for _, label in TRAINING]
    for place, other in zip(chosen, rng.permutation(chosen), strict=True):
        labels[place] = TRAINING[other][1]
    noisy = [(text, label) for (text, _), label in zip(TRAINING, labels, strict=True)]
    with pytest.raises(StepError, match=r"\d\d% of the labels are suspicious, more than limits.noise.*the others say"):
        check(tmp_path, noisy)


def test_the_first_suspicious_labels_are_those_that_were_planted(variables: dict[str, str], tmp_path: Path) -> None:
    from text_classifier import dataset, noise

    wrong = {text: next(topic for topic in language.TOPICS if topic != label) for text, label in TRAINING[:30]}
    prepare(tmp_path, [(text, wrong.get(text, label)) for text, label in TRAINING])
    data, _ = dataset.read(tmp_path / "out")
    found = noise.suspicious(data.training, 1)
    first = [data.training.texts[place] in wrong for place in found.places[:15]]
    assert sum(first) >= 9  # of all labels, one in twenty is wrong


@pytest.mark.parametrize("limits", [{}, {**LIMITS, "noise": 2}, {**LIMITS, "more": 1}, {**LIMITS, "skew": "0.1"}, []])
def test_limits_that_are_none_are_refused(limits: Any, small: Small, tmp_path: Path) -> None:
    with pytest.raises(StepError, match="limits"):
        checking.check(small.data, limits, tmp_path / "page.html")
