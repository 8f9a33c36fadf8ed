"""The parameters of a network as checked values: what a person chose, in the types that the code works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graft_steps.checks import StepError, fraction, integer, one_of

ACTIVATIONS = ("relu", "elu", "gelu", "selu", "sigmoid", "silu", "tanh", "linear")
MOST_UNITS = 65536


@dataclass(frozen=True)
class Layer:
    """One hidden layer of a head."""

    units: int
    activation: str = "relu"
    dropout: float = 0.0

    def __str__(self) -> str:
        dropout = f" dropout {self.dropout:g}" if self.dropout else ""
        return f"{self.units} {self.activation}{dropout}"


@dataclass(frozen=True)
class Design:
    """What a network is put together of: where the backbone is cut, what may learn of it, and the head on top."""

    input_size: int
    cut_layer: str
    trainable_layers: int
    stack: tuple[Layer, ...]

    def facts(self) -> dict[str, Any]:
        """Its values by the names of the pipeline's parameters; the variant in words."""
        return {
            "variant": described(self.stack),
            "input_size": self.input_size,
            "cut_layer": self.cut_layer,
            "trainable_layers": self.trainable_layers,
        }


def design(input_size: int, cut_layer: str, trainable_layers: int, variant: list[dict[str, Any]]) -> Design:
    """Check the parameters of one variant's network; names of layers are checked where the backbone is known."""
    return Design(size(input_size), cut_layer, integer("trainable_layers", trainable_layers, 0), stack(variant))


def size(input_size: int) -> int:
    """Check the width and height of what a network takes."""
    return integer("input_size", input_size, 8, 1024)


def stack(variant: list[dict[str, Any]]) -> tuple[Layer, ...]:
    """Check one variant: a list of hidden layers, each `{units, activation, dropout}`; only `units` must be there."""
    if not isinstance(variant, list):
        raise StepError(f"variants: {variant!r} is not a list of layers")
    return tuple(_layer(f"variants: layer {number}", written) for number, written in enumerate(variant, 1))


def described(layers: tuple[Layer, ...]) -> str:
    """A variant in a few words, such as `64 relu dropout 0.2, 32 tanh`."""
    return ", ".join(map(str, layers)) or "no hidden layer"


def _layer(what: str, written: Any) -> Layer:
    if not isinstance(written, dict) or "units" not in written:
        raise StepError(f"{what}: {written!r} must give its units, as in {{units: 64, activation: relu, dropout: 0.2}}")
    for key in written:
        one_of(what, key, ("units", "activation", "dropout"))
    return Layer(
        integer(f"{what}: units", written["units"], 1, MOST_UNITS),
        one_of(f"{what}: activation", written.get("activation", "relu"), ACTIVATIONS),
        fraction(f"{what}: dropout", written.get("dropout", 0.0)),
    )
