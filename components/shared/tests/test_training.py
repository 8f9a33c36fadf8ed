"""Parameters of training: checked, and refused by name."""

from __future__ import annotations

import pytest
from graft_steps.checks import StepError
from graft_steps.training import Training


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"optimizer": "adams"}, "did you mean 'adam'"),
        ({"learning_rate": 0}, "learning_rate: 0"),
        ({"epochs": 0}, "epochs: 0"),
        ({"batch_size": 2.5}, "batch_size: 2.5"),
        ({"seed": -1}, "seed: -1"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(changed: dict[str, object], message: str) -> None:
    good = {"optimizer": "adam", "learning_rate": 0.1, "epochs": 1, "batch_size": 1, "seed": 0}
    with pytest.raises(StepError, match=message):
        Training.checked(**{**good, **changed})
