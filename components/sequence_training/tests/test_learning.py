"""Training and retraining as steps: every field of the document counts, and retraining begins where a model stands."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from graft_steps.checks import StepError
from graft_steps.models import facts_of
from sequence_training import exporting, networks, series
from sequence_training.series import Series
from sequence_training.settings import Hyperparameters
from sequence_training.steps import learning
from sequence_training.windows import Scaler, parts, windows
from sequence_training_small import ORIGIN, Trained, document

SHORT = {"epochs": 1, "stride": 8}
FITTING = {"learning_rate": 0.02, "epochs": 2, "batch_size": 8, "seed": 12}
SPLITTING = {"stride": 7, "validation_share": 0.2, "test_share": 0.25}


def curves(model: Path) -> Any:
    return facts_of(model)["curves"]


def fit(short: Series, **changed: Any) -> Any:
    """What new weights come to on the short series."""
    how = Hyperparameters.checked(document(**{**SHORT, **changed}))
    return learning.learnt(short, networks.network(how.seed), Scaler.fitted(short.values), how)[0]


@pytest.fixture(scope="module")
def plain(short: Series) -> Any:
    return fit(short)


@pytest.mark.parametrize("field", FITTING)
def test_every_field_of_fitting_changes_the_training(short: Series, plain: Any, field: str) -> None:
    """But `patience`, of which the tests of the network say what it does."""
    assert fit(short, **{field: FITTING[field]}) != plain


@pytest.mark.parametrize("field", SPLITTING)
def test_every_field_of_splitting_changes_what_is_learnt_from(short: Series, field: str) -> None:
    found = []
    for changed in ({}, {field: SPLITTING[field]}):
        how = Hyperparameters.checked(document(**changed))
        ranges = parts(short, how)
        found.append((windows(short.values, ranges["train"], how.stride).rows.tolist(), ranges["validation"]))
    assert found[0] != found[1]


def test_the_scaler_is_of_the_training_part_and_goes_with_the_model(trained: Trained, short: Series) -> None:
    scaler = exporting.scaler(trained.model)
    rows = len(short) - int(len(short) * 0.2) - int(len(short) * 0.15)
    assert scaler.mean.tolist() == short.values[:rows].mean(axis=0).tolist()


def test_what_the_model_has_seen_ends_before_the_test(trained: Trained, short: Series) -> None:
    seen, prints = set(facts_of(trained.model)["seen"]), short.fingerprints()
    tested = int(len(short) * 0.2)
    assert set(prints[:-tested]) == seen and not set(prints[-tested:]) & seen


@pytest.fixture(scope="module")
def retrained(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> dict[float, Path]:
    """The stored model trained on for an epoch, by learning rate."""
    root, made = tmp_path_factory.mktemp("retrained"), {}
    for rate in (0.001, 0.003):
        made[rate] = root / str(rate)
        changed = document(**SHORT, learning_rate=rate)
        learning.retrain(trained.data, ORIGIN, trained.model, changed, made[rate])
    return made


def test_retraining_starts_from_the_stored_model(retrained: dict[float, Path], plain: Any, trained: Trained) -> None:
    """Its first epoch is as good as the stored model's last; from new weights it is far worse."""
    first = curves(retrained[0.001])["training"][0]
    assert first < 0.7 * plain.training_loss[0]
    assert first < 1.2 * curves(trained.model)["training"][-1]


def test_its_learning_rate_changes_the_result(retrained: dict[float, Path]) -> None:
    assert curves(retrained[0.001]) != curves(retrained[0.003])
    assert facts_of(retrained[0.003])["used"]["learning_rate"] == 0.003


def test_it_keeps_the_scaler_and_adds_to_what_was_seen(
    retrained: dict[float, Path], trained: Trained, short: Series, tmp_path: Path
) -> None:
    assert facts_of(retrained[0.001])["scaler"] == facts_of(trained.model)["scaler"]
    assert facts_of(retrained[0.001])["seen"] == facts_of(trained.model)["seen"]


def test_a_learning_rate_too_small_to_move_anything_fails(trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(StepError, match="nothing was learnt"):
        learning.retrain(
            trained.data, ORIGIN, trained.model, document(**SHORT, learning_rate=1e-12), tmp_path / "model"
        )


def test_a_model_of_other_channels_is_not_trained_on(trained: Trained, short: Series, tmp_path: Path) -> None:
    series.write(Series(short.times, short.values, ("x", "y", "z")), tmp_path / "data")
    with pytest.raises(StepError, match="was trained on the channels"):
        learning.retrain(tmp_path / "data", ORIGIN, trained.model, document(), tmp_path / "model")


def test_a_model_without_its_weights_is_not_trained_on(trained: Trained, tmp_path: Path) -> None:
    shutil.copytree(trained.model, tmp_path / "base")
    (tmp_path / "base" / exporting.WEIGHTS).unlink()
    with pytest.raises(StepError, match="holds no weights that fit"):
        learning.retrain(trained.data, ORIGIN, tmp_path / "base", document(), tmp_path / "model")
