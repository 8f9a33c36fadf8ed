"""The steps that learn: a network from new weights, or from those of a stored model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import StepError
from graft_steps.models import facts_of

from sequence_training import exporting, networks, series
from sequence_training.settings import Hyperparameters
from sequence_training.windows import LENGTH, Scaler, parts, windows

if TYPE_CHECKING:
    from pathlib import Path

    from graft_steps.tensorflow_runtime import keras

    from sequence_training.networks import Fitted
    from sequence_training.series import Series


def train(data: Path, origin: dict[str, Any], configuration: dict[str, Any], model: Path) -> dict[str, Any]:
    """Train from new weights, with a scaler of the training part; return what was used."""
    how, loaded = Hyperparameters.checked(configuration), series.read(data)
    scaler = Scaler.fitted(loaded.values[parts(loaded, how)["train"]])
    return _learn(loaded, networks.network(how.seed), scaler, how, origin, [], model)


def retrain(
    data: Path, origin: dict[str, Any], base: Path, configuration: dict[str, Any], model: Path
) -> dict[str, Any]:
    """Train a stored model on, with its scaler, which its weights belong to; return what was used."""
    how, loaded = Hyperparameters.checked(configuration), series.read(data)
    known = facts_of(base)
    if known.get("channels") != list(loaded.channels):
        raise StepError(
            f"the stored model was trained on the channels {known.get('channels')}, and the data have "
            f"{list(loaded.channels)}: give a model of these channels"
        )
    network = networks.load(base / exporting.WEIGHTS, how.seed)
    return _learn(loaded, network, exporting.scaler(base), how, origin, known["seen"], model)


def learnt(loaded: Series, network: keras.Model, scaler: Scaler, how: Hyperparameters) -> tuple[Fitted, dict[str, int]]:
    """Fit a network on the past of a series; also return how many windows each part had."""
    ranges, scaled = parts(loaded, how), scaler.scaled(loaded.values)
    train = windows(scaled, ranges["train"], how.stride)
    validation = windows(scaled, ranges["validation"])
    say(f"{len(train)} windows to learn from, {len(validation)} to choose the best epoch by")
    counts = {"train_windows": len(train), "validation_windows": len(validation)}
    return networks.fit(network, train, validation, how, say), counts


def _learn(
    loaded: Series,
    network: keras.Model,
    scaler: Scaler,
    how: Hyperparameters,
    origin: dict[str, Any],
    seen: list[str],
    model: Path,
) -> dict[str, Any]:
    """Fit and export a network that has `seen` rows before; return what was used."""
    fitted, counts = learnt(loaded, network, scaler, how)
    used = {
        **origin,
        **how.facts(),
        **{f"data_{name}": value for name, value in loaded.facts().items()},
        **counts,
        "network_parameters": network.count_params(),
        "best_epoch": fitted.best_epoch,
    }
    facts = {
        "used": used,
        "channels": list(loaded.channels),
        "curves": {"training": fitted.training_loss, "validation": fitted.validation_loss},
        "seen": list(dict.fromkeys([*seen, *loaded.fingerprints()[: parts(loaded, how)["validation"].stop]])),
    }
    exporting.export(network, scaler, loaded.values[:LENGTH], facts, model)
    return used
