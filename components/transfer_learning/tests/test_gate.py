"""The gate's decision, case by case, and the words that it gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from transfer_learning.gate import ChampionComparison, Decision, decide
from transfer_learning.statistics import Proportion

GOOD = Proportion(256, 360)
THRESHOLD, MAJORITY = 0.5, 1 / 6


def decided(champion: int | None, not_compared: str = "") -> Decision:
    measured = champion and Proportion(champion, 360)
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
    decision = decide(Proportion(70, 360), MAJORITY, 0.0, None)
    assert not decision.accepted
    assert "does not beat always naming the most frequent class: 0.17" in decision.reason


def test_a_refusal_names_every_rule_that_was_not_met() -> None:
    comparison = ChampionComparison("3", Proportion(100, 360), Proportion(60, 360))
    reason = decide(Proportion(60, 360), MAJORITY, 0.9, comparison).reason
    assert [part in reason for part in ("most frequent class", "threshold 0.90", "champion version 3")] == [True] * 3


@given(st.integers(0, 360), st.integers(0, 360), st.floats(0, 1))
def test_nothing_that_is_accepted_is_below_threshold_or_champion(right: int, champion: int, threshold: float) -> None:
    challenger, best = Proportion(right, 360), Proportion(champion, 360)
    accepted = decide(challenger, MAJORITY, threshold, ChampionComparison("1", best, challenger)).accepted
    assert accepted == (challenger.low > MAJORITY and challenger.value >= threshold and challenger.value > best.value)
