"""The gate's decision, case by case, and the words that it gives."""

from __future__ import annotations

from graft_steps.estimate import Estimate
from graft_steps.gate import Baseline, ChampionComparison, Decision, decide
from graft_steps.statistics import Proportion
from hypothesis import given
from hypothesis import strategies as st

GOOD = Proportion(256, 360).estimate()
THRESHOLD = 0.5
MAJORITY = Baseline("always naming the most frequent class", 1 / 6)


def decided(champion: int | None, not_compared: str = "") -> Decision:
    measured = champion and Proportion(champion, 360).estimate()
    comparison = ChampionComparison("3", measured, GOOD if champion else None, not_compared)
    return decide(GOOD, MAJORITY, THRESHOLD, comparison)


def test_the_first_good_model_is_accepted() -> None:
    decision = decide(GOOD, MAJORITY, THRESHOLD, None)
    assert decision.accepted
    assert decision.reason.endswith("there is no champion yet")


def test_a_better_model_is_accepted_and_says_what_it_beat() -> None:
    decision = decided(240)
    assert decision.accepted
    assert "beats champion version 3: 0.67 on the same 360 test items" in decision.reason


def test_a_worse_model_is_refused_with_both_figures() -> None:
    assert decided(281) == Decision(
        False,
        "0.71 (n=360, 0.66-0.76) does not beat champion version 3: 0.78 on the same test items; not registered",
    )


def test_an_equal_model_is_refused() -> None:
    decision = decided(256)
    assert not decision.accepted
    assert "0.71 (n=360, 0.66-0.76) only equals champion version 3: 0.71" in decision.reason


def test_a_champion_of_other_data_decides_nothing_and_that_is_said() -> None:
    decision = decided(None, "it was trained on other classes")
    assert decision.accepted
    assert decision.reason.endswith("champion version 3 was not compared: it was trained on other classes")


def test_a_model_no_better_than_the_majority_class_is_refused() -> None:
    decision = decide(Proportion(70, 360).estimate(), MAJORITY, 0.0, None)
    assert not decision.accepted
    assert "does not beat always naming the most frequent class: 0.17" in decision.reason


def test_a_refusal_names_every_rule_that_was_not_met() -> None:
    comparison = ChampionComparison("3", Proportion(100, 360).estimate(), Proportion(60, 360).estimate())
    reason = decide(Proportion(60, 360).estimate(), MAJORITY, 0.9, comparison).reason
    assert [part in reason for part in ("most frequent class", "threshold 0.90", "champion version 3")] == [True] * 3


@given(st.integers(0, 360), st.integers(0, 360), st.floats(0, 1))
def test_nothing_that_is_accepted_is_below_threshold_or_champion(right: int, champion: int, threshold: float) -> None:
    challenger, best = Proportion(right, 360).estimate(), Proportion(champion, 360).estimate()
    accepted = decide(challenger, MAJORITY, threshold, ChampionComparison("1", best, challenger)).accepted
    is_better = challenger.low > MAJORITY.value and challenger.value > best.value
    assert accepted == (is_better and challenger.value >= threshold)


MEAN = Baseline("the next row equals the last", 0.4)
ERROR = Estimate("mse", 0.2, 0.15, 0.25, 500, higher_is_better=False)


def test_of_an_error_less_is_better() -> None:
    assert decide(ERROR, MEAN, 0.3).accepted
    assert "mse 0.20 (n=500, 0.15-0.25) is above the threshold 0.10" in decide(ERROR, MEAN, 0.1).reason
    assert "does not beat the next row equals the last: 0.22" in decide(ERROR, Baseline(MEAN.name, 0.22), 0.3).reason


def test_a_champion_of_smaller_error_stays() -> None:
    better = Estimate("mse", 0.1, 0.05, 0.15, 500, higher_is_better=False)
    refused = decide(ERROR, MEAN, 0.3, ChampionComparison("1", better, ERROR))
    assert "does not beat champion version 1: 0.10" in refused.reason
    assert decide(better, MEAN, 0.3, ChampionComparison("1", ERROR, better)).accepted
