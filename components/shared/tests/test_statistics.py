"""The statistics against published values, exact counting and each other."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from graft_steps.statistics import (
    Paired,
    Proportion,
    across,
    bootstrapped,
    majority,
    mean,
    mean_difference,
    paired,
)
from hypothesis import given
from hypothesis import strategies as st

counts = st.integers(0, 400)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_newcombes_table(right: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3."""
    assert (Proportion(right, n).low, Proportion(right, n).high) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_accuracy_lies_in_its_interval_and_mirrors(pair: tuple[int, int]) -> None:
    right, n = pair
    found, mirrored = Proportion(right, n), Proportion(n - right, n)
    rounding = 1e-12
    assert 0 <= found.low <= found.value + rounding
    assert found.value - rounding <= found.high <= 1
    assert found.low == pytest.approx(1 - mirrored.high)


def test_mcnemars_exact_test_counts_coin_tosses() -> None:
    """9 against 1: twice the chance of at most one head in ten tosses."""
    assert Paired(9, 1, 50).p_value() == pytest.approx(2 * sum(comb(10, k) / 2**10 for k in range(2)))


@given(counts, counts)
def test_mcnemars_test_does_not_care_which_is_first_and_sees_nothing_in_a_tie(a: int, b: int) -> None:
    assert Paired(a, b, 1000).p_value() == pytest.approx(Paired(b, a, 1000).p_value())
    assert 0 <= Paired(a, b, 1000).p_value() <= 1
    assert Paired(a, a, 1000).p_value() == 1


def test_the_paired_interval_is_that_of_agresti_and_min() -> None:
    """The formula of Agresti and Min 2005, equation 7, written out for 40 against 15 in 200."""
    p12, p21, n = 40.5 / 202, 15.5 / 202, 202
    half = 1.959964 * (((p12 + p21) - (p12 - p21) ** 2) / n) ** 0.5
    assert Paired(40, 15, 200).interval() == pytest.approx((p12 - p21 - half, p12 - p21 + half), abs=1e-6)


@given(counts, counts)
def test_the_paired_interval_holds_a_shrunken_difference_and_turns_with_the_sides(a: int, b: int) -> None:
    low, high = Paired(a, b, 900).interval()
    turned = Paired(b, a, 900).interval()
    assert low <= (a - b) / 902 <= high
    assert (low, high) == pytest.approx((-turned[1], -turned[0]))


def test_pairs_are_counted_on_the_same_items_and_add_up() -> None:
    one = paired([0, 1, 2, 2], [0, 1, 2, 0], [1, 1, 0, 2])
    assert one == Paired(2, 1, 4)
    assert one + Paired(3, 0, 6) == Paired(5, 1, 10)


def test_answers_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"longer|shorter"):
        paired([0, 1], [0], [0, 1])


def test_the_interval_across_draws_is_students() -> None:
    """Four differences with mean 0.2 and standard deviation 0.1: 0.2 ± 3.1824 * 0.1 / 2."""
    spread = 0.1 * (3 / 4) ** 0.5
    low, high = across([0.2 - spread, 0.2 + spread, 0.2 - spread, 0.2 + spread])
    assert (low, high) == pytest.approx((0.2 - 0.15912, 0.2 + 0.15912), abs=1e-5)


def test_one_draw_has_no_interval_across_draws() -> None:
    assert across([0.2]) is None


def test_the_majority_baseline_is_the_best_that_one_answer_can_do() -> None:
    assert majority([0, 1, 1, 2]) == 0.5


def test_a_mean_has_students_interval_and_says_which_way_is_better() -> None:
    """Four values with mean 0.2 and standard deviation 0.1: 0.2 ± 3.1824 * 0.1 / 2."""
    spread = 0.1 * (3 / 4) ** 0.5
    found = mean("mse", [0.2 - spread, 0.2 + spread, 0.2 - spread, 0.2 + spread], higher_is_better=False)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.2 - 0.15912, 0.2 + 0.15912), abs=1e-5)
    assert (found.cautious, found.n) == (found.high, 4)
    assert found.beats(0.4) and not found.beats(0.3)


def test_the_mean_of_one_value_or_of_equal_ones_is_its_own_interval() -> None:
    assert (mean("x", [2.0]).low, mean("x", [2.0, 2.0]).high) == (2.0, 2.0)


def test_the_bootstrap_holds_the_measure_and_is_the_same_for_the_same_seed() -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(size=200)
    answers = truth + rng.normal(0, 0.5, 200)

    def r2(truth: np.ndarray, answers: np.ndarray) -> float:
        return 1 - float(((truth - answers) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())

    found = bootstrapped("r2", r2, [truth, answers], seed=7)
    assert found.low < found.value == r2(truth, answers) < found.high < 1
    assert found == bootstrapped("r2", r2, [truth, answers], seed=7)


def test_a_difference_is_taken_item_by_item() -> None:
    value, low, high = mean_difference([1.0, 2.0, 4.0], [0.5, 1.5, 3.0])
    assert low < value < high and value == pytest.approx(2 / 3)
