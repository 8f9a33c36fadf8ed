"""The experiment: a new head on a cut backbone, in two phases, against the same network from scratch, draw by draw."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.tensorflow_runtime import keras, seed

from transfer_learning import networks
from transfer_learning.fitting import Trainer, accuracy, predicted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graft_steps.training import Training

    from transfer_learning.dataset import Data, Draw
    from transfer_learning.settings import Layer


@dataclass(frozen=True)
class Arm:
    """What one network answered: class numbers for both held-out parts, and its accuracy on validation by epoch."""

    validation: list[int]
    test: list[int]
    curve: list[float]


@dataclass(frozen=True)
class Outcome:
    """One draw: the truth, and the answers of the transferred network and of the one from scratch."""

    validation_truth: list[int]
    test_truth: list[int]
    transfer: Arm
    scratch: Arm
    frozen_epochs: int

    def as_json(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return asdict(self)


@dataclass(frozen=True)
class Task:
    """The arrays of one draw, as the network takes them."""

    train: tuple[np.ndarray, np.ndarray]
    validation: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]


class NetworkPair:
    """The transferred network with its head, and the same architecture from scratch; both can be trained again."""

    def __init__(self, backbone: keras.Model, stack: Sequence[Layer], classes: int, training: Training) -> None:
        seed(training.seed)  # dropout is seeded where its layer is made
        self.training = training
        self.backbone = backbone
        self.pretrained = backbone.get_weights()
        self.head = Trainer(networks.head(backbone.output_shape[1], stack, classes), training)
        self.whole = Trainer(networks.joined(backbone, self.head.network), training)
        self.scratch = Trainer(networks.reinitialized(self.whole.network), training)

    def train_transfer(self, task: Task, rng: np.random.Generator) -> list[float]:
        """Train the head on what the frozen backbone sees, then both with the backbone's last layers free."""
        self.backbone.set_weights(self.pretrained)
        self.head.reset(networks.reinitialized(self.head.network).get_weights())
        self.whole.reset()
        frozen = self.training.epochs // 2
        seen = [(self.backbone.predict_on_batch(images), labels) for images, labels in (task.train, task.validation)]
        curve = self.head.run(*seen, frozen, rng)
        return curve + self.whole.run(task.train, task.validation, self.training.epochs - frozen, rng)

    def train_scratch(self, task: Task, rng: np.random.Generator) -> list[float]:
        """Train everything from new weights for as many epochs."""
        self.scratch.reset(networks.reinitialized(self.whole.network).get_weights())
        return self.scratch.run(task.train, task.validation, self.training.epochs, rng)


def compare(data: Data, pair: NetworkPair, size: int, say: Callable[[str], None]) -> tuple[list[Outcome], keras.Model]:
    """Run all draws; also return the transferred network of the first, the one that a registry may get."""
    outcomes = []
    for number, draw in enumerate(data.draws, 1):
        seed(pair.training.seed + number)
        outcome = _outcome(pair, _task(draw, size), np.random.default_rng([pair.training.seed, 5, number]))
        if number == 1:
            first = pair.whole.network.get_weights()
        outcomes.append(outcome)
        reached = [
            accuracy(np.array(arm.test), np.array(outcome.test_truth)) for arm in (outcome.transfer, outcome.scratch)
        ]
        say(f"draw {number} of {len(data.draws)}: transfer {reached[0]:.2f}, scratch {reached[1]:.2f}")
    pair.whole.network.set_weights(first)
    return outcomes, pair.whole.network


def _task(draw: Draw, size: int) -> Task:
    return Task(*((networks.inputs(part.images, size), part.labels) for _, part in draw.parts()))


def _outcome(pair: NetworkPair, task: Task, rng: np.random.Generator) -> Outcome:
    transfer = _arm(pair.whole.network, task, pair.train_transfer(task, rng))
    scratch = _arm(pair.scratch.network, task, pair.train_scratch(task, rng))
    frozen = pair.training.epochs // 2
    return Outcome(task.validation[1].tolist(), task.test[1].tolist(), transfer, scratch, frozen)


def _arm(network: keras.Model, task: Task, curve: list[float]) -> Arm:
    answers = (predicted(network, images).tolist() for images, _ in (task.validation, task.test))
    return Arm(*answers, curve)
