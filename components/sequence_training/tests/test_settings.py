"""Configuration documents: whole, known and in range, or refused by the name of the field."""

from __future__ import annotations

import pytest
from graft_steps.checks import StepError
from sequence_training.settings import Cleaning, Hyperparameters
from sequence_training_small import document

CLEANING = {"time_column": "t", "channels": ["a", "b", "c"], "spike_limit": 6, "longest_gap": 0}


def test_integers_that_came_as_doubles_are_integers() -> None:
    how = Hyperparameters.checked(document())
    assert (how.epochs, type(how.epochs)) == (3, int)
    assert how.facts() == document(epochs=3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"learning_rate": 0}, "configuration.learning_rate: 0 must be a number above 0"),
        ({"epochs": 0}, "configuration.epochs: 0 must be at least 1"),
        ({"epochs": 1.5}, "is not a whole number"),
        ({"batch_size": "8"}, "configuration.batch_size"),
        ({"stride": 0}, "configuration.stride"),
        ({"patience": 0}, "configuration.patience"),
        ({"validation_share": 0}, "0 would leave nothing to measure with"),
        ({"test_share": 0.4}, "configuration.test_share: 0.4 must be a number from 0 to below 0.4"),
        ({"seed": -1}, "configuration.seed: -1 must be from 0"),
        ({"epoch": 3}, "configuration: 'epoch' is not known; did you mean 'epochs'"),
    ],
)
def test_a_wrong_field_is_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(StepError, match=message):
        Hyperparameters.checked(document(**changed))


def test_fields_that_are_missing_are_all_named_and_no_document_is_said() -> None:
    with pytest.raises(StepError, match=r"learning_rate, epochs, batch_size, stride, .* missing"):
        Hyperparameters.checked({"seed": 1})
    with pytest.raises(StepError, match=r"'x' is not a document with the fields time_column, channels"):
        Cleaning.checked("x")


@pytest.mark.parametrize("channels", [["a", "b"], ["a", "b", "b"], "abc", ["a", "b", "c", "d"]])
def test_channels_are_three_different_columns(channels: object) -> None:
    assert Cleaning.checked(CLEANING).channels == ("a", "b", "c")
    with pytest.raises(StepError, match="names of three different columns"):
        Cleaning.checked({**CLEANING, "channels": channels})
