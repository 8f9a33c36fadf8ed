"""Parameters of a network: checked, in the types that the code works with, and described."""

from __future__ import annotations

import pytest
from graft_steps.checks import StepError
from transfer_learning.settings import Layer, described, design, stack


def test_a_variant_is_read_with_its_defaults_and_with_integers_that_came_as_doubles() -> None:
    written = [{"units": 64.0, "activation": "tanh", "dropout": 0.2}, {"units": 8}]
    assert stack(written) == (Layer(64, "tanh", 0.2), Layer(8, "relu", 0.0))
    assert described(stack(written)) == "64 tanh dropout 0.2, 8 relu"


def test_no_hidden_layer_is_a_variant_too() -> None:
    assert described(stack([])) == "no hidden layer"


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ([{"units": 0}], "layer 1: units: 0 must be from 1"),
        ([{"units": 8}, {"activation": "relu"}], "layer 2: .* must give its units"),
        ([{"unit": 8, "units": 8}], "'unit' is not known; did you mean 'units'"),
        ([{"units": 8, "activation": "rellu"}], "did you mean 'relu'"),
        ([{"units": 8, "dropout": 1}], "dropout: 1 must be a number from 0 to below 1"),
        ({"units": 8}, "is not a list of layers"),
    ],
)
def test_a_wrong_variant_is_refused_with_its_layer(variant: object, message: str) -> None:
    with pytest.raises(StepError, match=message):
        stack(variant)


def test_a_network_too_small_for_three_poolings_is_refused() -> None:
    with pytest.raises(StepError, match="input_size: 4 must be from 8"):
        design(4, "features", 0, [])
