"""The steps that learn: a backbone from the source classes, and from it one variant's network for the target."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import integer

from transfer_learning import backbones, dataset, networks, serving, settings
from transfer_learning.experiment import NetworkPair, Outcome, compare
from transfer_learning.steps import RESULTS

if TYPE_CHECKING:
    from pathlib import Path

    from graft_steps.training import Training

    from transfer_learning.dataset import Data
    from transfer_learning.settings import Design

MOST_ROUNDS = 10


def pretrain(data: Path, backbone: str, input_size: int, how: Training, out: Path) -> dict[str, Any]:
    """Train a backbone on the source classes."""
    network, reached = backbones.pretrain(dataset.load(data), backbone, input_size, how, say)
    backbones.save(network, out)
    say(f"backbone {backbone}: {reached} on held-out source items")
    return {
        "backbone": backbone,
        "backbone_weights": "none",
        "pretrain_epochs": how.epochs,
        "source_accuracy": reached.value,
        "source_accuracy_n": reached.n,
    }


def load_imagenet(data: Path, backbone: str, input_size: int, out: Path) -> dict[str, Any]:
    """Build a backbone with ImageNet's weights."""
    backbones.save(backbones.imagenet(dataset.load(data), backbone, input_size), out)
    say(f"backbone {backbone} with ImageNet's weights")
    return {"backbone": backbone, "backbone_weights": "imagenet"}


def in_round(how: Training, number: int) -> Training:
    """Training in a later round of the search takes twice as many epochs as in the round before."""
    return replace(how, epochs=how.epochs * 2 ** (integer("round_number", number, 1, MOST_ROUNDS) - 1))


def train(
    data: Path, backbone: Path, origin: dict[str, Any], design: Design, how: Training, model: Path, results: Path
) -> dict[str, Any]:
    """Fit one variant in every draw, and the same network from scratch; export the model of draw 1.

    `origin` is what is known of the backbone; it becomes part of what was used.
    """
    loaded = dataset.load(data)
    say(f"variant: {settings.described(design.stack)}")
    classes = loaded.draws[0].test.classes
    network = backbones.load(backbone, design.input_size, loaded.channels)
    network = networks.cut(network, design.cut_layer, design.trainable_layers)
    outcomes, best = compare(loaded, NetworkPair(network, design.stack, len(classes), how), design.input_size, say)
    used = {**_facts(loaded), **origin, **design.facts(), **how.facts(), "network_parameters": best.count_params()}
    example = loaded.draws[0].train.images[0]
    serving.export(best, classes, example, {"used": used, "seen": _seen(loaded)}, model)
    _write(results, used, outcomes)
    return used


def _facts(data: Data) -> dict[str, Any]:
    """The data's facts under names that say so."""
    facts = data.facts()
    return {"data": facts.pop("name"), **{f"data_{name}": value for name, value in facts.items()}}


def _seen(data: Data) -> list[str]:
    """Fingerprints of all that the exported model has learnt from, or was chosen by."""
    draw = data.draws[0]
    return [*data.source.fingerprints(), *draw.train.fingerprints(), *draw.validation.fingerprints()]


def _write(results: Path, used: dict[str, Any], outcomes: list[Outcome]) -> None:
    results.mkdir(parents=True, exist_ok=True)
    (results / RESULTS).write_text(json.dumps({"used": used, "outcomes": [outcome.as_json() for outcome in outcomes]}))
