"""What may be said of the metrics of two runs."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from generators.diff.measures import measures


def measured(right: int, n: int) -> dict[str, float]:
    low, high = proportion_confint(right, n, method="wilson")
    return {"accuracy": right / n, "accuracy_low": low, "accuracy_high": high, "accuracy_n": float(n)}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (measured(70, 100), measured(74, 100), "not distinguishable"),
        (measured(700, 1000), measured(800, 1000), "higher"),
        (measured(800, 1000), measured(700, 1000), "lower"),
        (measured(70, 100), measured(70, 100), "the same"),
    ],
)
def test_a_difference_counts_where_its_interval_does_not_hold_zero(before, after, verdict) -> None:
    (found,) = measures(before, after)

    assert (found.name, found.verdict) == ("accuracy", verdict)


def test_the_interval_of_two_proportions_is_newcombe_s() -> None:
    (found,) = measures(measured(56, 70), measured(48, 80))
    low, high = confint_proportions_2indep(48, 80, 56, 70, compare="diff", method="newcomb")

    assert found.difference == f"{low:+.3g} to {high:+.3g}"
    assert found.before == "0.8 (n=70, 0.692 to 0.877)"


def test_what_has_no_interval_or_is_in_one_run_alone_is_said_so() -> None:
    found = measures({"loss": 1.0, "old": 1}, {"loss": 2.0, "label": "cat"})

    assert {each.name: each.verdict for each in found} == {
        "loss": "differs, by how much it would anyway is not known",
        "label": "only after the change",
        "old": "only before the change",
    }
