"""The parameters that every training of a network takes, as checked values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from graft_steps.checks import integer, one_of, positive

OPTIMIZERS = ("adam", "adamw", "adamax", "nadam", "rmsprop", "sgd", "lion")
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Training:
    """How a network is fitted; the same for every network that is compared with another."""

    optimizer: str
    learning_rate: float
    epochs: int
    batch_size: int
    seed: int

    def facts(self) -> dict[str, Any]:
        """Its values by the names of the pipeline's parameters."""
        return asdict(self)

    @classmethod
    def checked(cls, optimizer: str, learning_rate: float, epochs: int, batch_size: int, seed: int) -> Training:
        """The parameters of a run; StepError names the first that is out of range, and what is allowed."""
        return cls(
            one_of("optimizer", optimizer, OPTIMIZERS),
            positive("learning_rate", learning_rate),
            integer("epochs", epochs, 1),
            integer("batch_size", batch_size, 1),
            integer("seed", seed, 0, LARGEST_SEED),
        )
