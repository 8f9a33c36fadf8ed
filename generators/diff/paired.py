"""The same test items answered by two runs: what may be said of the difference of a measure, item against item.

A step that evaluates writes `results.json` into the folder of an artifact, with `truth` and `answers`, an item a row:
classes, or numbers, of which a row may hold several. Two runs are paired where their truths are the same, and a metric
is paired where it is what the items give: `accuracy` of classes, `r2`, `mse` and `mae` of numbers.

Of accuracies McNemar's exact test, with the interval of Agresti and Min (Statistics in Medicine 24:729, 2005); of the
others the moving-block bootstrap of rows drawn together for both runs (Kuensch, Annals of Statistics 17:1217, 1989),
since rows that follow one another in time are not independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isclose, sqrt
from operator import eq
from typing import Any

FILE = "results.json"
_TIMES, _SEED, _Z95 = 1000, 7, 1.959963984540054
_ALPHA = 0.05


@dataclass(frozen=True)
class Items:
    """The truth of each test item, and what a model answered."""

    truth: list[Any]
    answers: list[Any]

    @property
    def are_classes(self) -> bool:
        return all(isinstance(each, int | str) for each in (*self.truth, *self.answers))


Logged = tuple[Items, float]  # the items of a step, and a metric that it logged
Measure = Callable[[Any, Any], float]  # of truth and answers, arrays [items, ...]


@dataclass(frozen=True)
class Difference:
    """The interval of 95 % of after - before, whether it may be told from none, and by what."""

    low: float
    high: float
    told: bool
    how: str


def items(results: Iterable[tuple[str, Any]]) -> dict[str, Items]:
    """The items of each step by its path, of what a FILE of it holds; none where that holds something else."""
    found = ((step, _items(document)) for step, document in results)
    return {step: each for step, each in found if each}


def _items(document: Any) -> Items | None:
    truth, answers = (document.get(name) if isinstance(document, dict) else None for name in ("truth", "answers"))
    lists = isinstance(truth, list) and isinstance(answers, list) and len(truth) == len(answers) > 1
    return Items(truth, answers) if lists else None


def difference(name: str, before: Logged, after: Logged) -> Difference | None:
    """What may be said of a metric of two runs; None where they are no pair."""
    (old, was), (new, is_) = before, after
    if old.truth != new.truth:
        return None
    if name == "accuracy" and old.are_classes and new.are_classes:
        return _of_accuracy(old, new) if _is(_accuracy(old), was) and _is(_accuracy(new), is_) else None
    measure = _MEASURES.get(name)
    if measure is None or old.are_classes or new.are_classes:
        return None
    return _of_numbers(measure, (old, was), (new, is_))


def _accuracy(found: Items) -> float:
    return sum(map(eq, found.truth, found.answers)) / len(found.truth)


def _is(found: float, logged: float) -> bool:
    """Whether a metric is what the items give."""
    return isclose(found, logged, rel_tol=1e-4, abs_tol=1e-9)


def _of_accuracy(old: Items, new: Items) -> Difference:
    from statsmodels.stats.contingency_tables import mcnemar

    pairs = [(a == t, b == t) for t, a, b in zip(old.truth, old.answers, new.answers, strict=True)]
    lost, won, n = pairs.count((True, False)), pairs.count((False, True)), len(pairs)
    p = float(mcnemar([[n - lost - won, lost], [won, 0]], exact=True).pvalue)
    first, second, more = won + 0.5, lost + 0.5, n + 2
    centre = (first - second) / more
    half = _Z95 * sqrt(first + second - (first - second) ** 2 / more) / more
    low, high = max(-1.0, centre - half), min(1.0, centre + half)
    how = f"on the same {n} items, {won} right only after and {lost} only before, McNemar p {_p(p)}"
    return Difference(low, high, p < _ALPHA and not low <= 0 <= high, how)


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


def _of_numbers(measure: Measure, before: Logged, after: Logged) -> Difference | None:
    import numpy as np

    (known, was), (new, is_) = before, after
    try:
        truth, old, answers = (np.asarray(each, np.float64) for each in (known.truth, known.answers, new.answers))
    except (TypeError, ValueError):
        return None
    if not truth.shape == old.shape == answers.shape:
        return None
    if not (_is(measure(truth, old), was) and _is(measure(truth, answers), is_)):
        return None
    drawn = [measure(truth[rows], answers[rows]) - measure(truth[rows], old[rows]) for rows in _blocks(len(truth))]
    low, high = map(float, np.quantile(drawn, [_ALPHA / 2, 1 - _ALPHA / 2]))
    return Difference(low, high, not low <= 0 <= high, f"on the same {len(truth)} items, bootstrap of blocks")


def _blocks(n: int) -> Any:
    """Numbers of rows [times, n], drawn in blocks of rows that follow one another."""
    import numpy as np

    length = round(sqrt(n))
    starts = np.random.default_rng(_SEED).integers(0, n - length + 1, (_TIMES, -(-n // length)))
    return (starts[..., None] + np.arange(length)).reshape(_TIMES, -1)[:, :n]


def _r2(truth: Any, answers: Any) -> float:
    """The mean over the columns of what is explained of each."""
    truth, answers = (each.reshape(len(each), -1) for each in (truth, answers))
    spread = ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    return float((1 - ((truth - answers) ** 2).sum(axis=0) / spread).mean())


def _mse(truth: Any, answers: Any) -> float:
    return float(((truth - answers) ** 2).mean())


def _mae(truth: Any, answers: Any) -> float:
    return float(abs(truth - answers).mean())


_MEASURES = {"r2": _r2, "mse": _mse, "mae": _mae}
