"""What may be said of the metrics of two runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from generators.diff.measures import measures
from generators.diff.paired import FILE, Items, items
from generators.runner.artifacts import documents


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


def answered(truth: list, answers: list) -> tuple[dict[str, float], dict[str, Items]]:
    """What a step that evaluates logs, and its items."""
    right = sum(t == a for t, a in zip(truth, answers, strict=True))
    metrics = {f"evaluate: {name}": value for name, value in measured(right, len(truth)).items()}
    return metrics, {"evaluate": Items(truth, answers)}


def test_on_the_same_items_a_difference_is_told_that_independent_runs_would_not_tell() -> None:
    """12 of 200 items that only the later run answers right: McNemar tells it, two intervals do not."""
    truth = [item % 3 for item in range(200)]
    before, items = answered(truth, [(t + 1) % 3 if at < 62 else t for at, t in enumerate(truth)])
    after, others = answered(truth, [(t + 1) % 3 if at < 50 else t for at, t in enumerate(truth)])

    (alone,) = measures(before, after)
    (found,) = measures(before, after, (items, others))

    assert (alone.verdict, alone.how) == ("not distinguishable", "as of independent runs")
    assert found.verdict == "higher"
    assert found.how == "on the same 200 items, 12 right only after and 0 only before, McNemar p < 0.001"


def test_other_items_are_no_pair() -> None:
    before, items = answered([0, 1] * 50, [0, 1] * 40 + [0, 0] * 10)
    after, others = answered([1, 0] * 50, [1, 0] * 50)

    (found,) = measures(before, after, (items, others))

    assert found.how == "as of independent runs"


def test_a_metric_that_is_not_what_the_items_give_is_no_pair() -> None:
    before, items = answered([0, 1] * 50, [0, 1] * 40 + [0, 0] * 10)
    after, others = answered([0, 1] * 50, [0, 1] * 45 + [0, 0] * 5)

    (found,) = measures({"evaluate: accuracy": 0.5}, {"evaluate: accuracy": 0.6}, (items, others))

    assert found.how == "" and found.verdict.startswith("differs")
    assert measures(before, after, (items, others))[0].how


@pytest.mark.parametrize(("better", "verdict"), [(0.9, "lower"), (0.999, "not distinguishable")])
def test_errors_of_numbers_are_compared_row_by_row(better: float, verdict: str) -> None:
    rng = np.random.default_rng(3)
    truth, noise = rng.normal(size=(400, 2)), rng.normal(size=(400, 2))
    other = better * noise + (0.1 if better > 0.99 else 0.01) * rng.normal(size=(400, 2))
    sides = [Items(truth.tolist(), (truth + each).tolist()) for each in (noise, other)]
    logged = [{"evaluate: mse": float((each**2).mean())} for each in (noise, other)]

    (found,) = measures(*logged, tuple({"evaluate": each} for each in sides))

    assert (found.verdict, found.how) == (verdict, "on the same 400 items, bootstrap of blocks")


def test_the_items_of_a_run_are_in_the_folders_of_its_artifacts(tmp_path: Path) -> None:
    (tmp_path / "store/a b").mkdir(parents=True)
    (tmp_path / "store/a b/results.json").write_text('{"truth": [1, 2], "answers": [1, 1]}')
    (tmp_path / "store/other").mkdir()
    (tmp_path / "store/other/results.json").write_text('{"outcomes": []}')
    artifacts = {"out": [{"name": "out", "uri": "store/a%20b"}, {"name": "other", "uri": "store/other"}]}
    run = {"steps": [{"path": "evaluate", "outputs": {"parameters": {}, "artifacts": artifacts}}]}

    assert items(documents(run, FILE, tmp_path)) == {"evaluate": Items([1, 2], [1, 1])}
