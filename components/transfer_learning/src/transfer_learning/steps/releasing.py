"""The step that decides: the variant that was picked against baselines and champion, and the record of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps import releasing
from graft_steps.checks import fraction
from graft_steps.gate import Baseline, ChampionComparison
from graft_steps.releasing import Gated, Measured

from transfer_learning import dataset, report
from transfer_learning.evaluation import Evaluation, read
from transfer_learning.steps import RESULTS

if TYPE_CHECKING:
    from pathlib import Path

MAJORITY = "always naming the most frequent class"


def gate(data: Path, model: Path, evaluation: Path, accuracy_threshold: float, summary: Path) -> Gated:
    """Compare with baselines and champion, decide, and record the run whatever the decision is."""
    evaluated = read(evaluation / RESULTS)
    threshold = fraction("accuracy_threshold", accuracy_threshold)

    def run_again(version: str, champion: Path) -> ChampionComparison:
        return _run_again(version, champion, data, evaluated)

    measured = Measured(
        estimate=evaluated.accuracy.estimate(),
        baseline=Baseline(MAJORITY, evaluated.majority),
        threshold=threshold,
        test_digest=evaluated.used["data_test_digest"],
        data_digest=evaluated.used["data_digest"],
        used=evaluated.used,
        metrics=evaluated.metrics(),
        curves={f"{arm}_curve": evaluated.outcomes[0][arm]["curve"] for arm in ("transfer", "scratch")},
        tags={"variant": evaluated.used["variant"]},
        folders={"": evaluation, "model": model},
        name=evaluated.used["variant"],
    )
    gated = releasing.gate(measured, evaluated.used["data"], run_again)
    summary.write_text(report.summary(evaluated, gated.decision, gated.places))
    return gated


def _run_again(version: str, champion: Path, data: Path, evaluated: Evaluation) -> ChampionComparison:
    from transfer_learning.champion import compare_with_champion  # TensorFlow takes seconds, and is seldom needed here

    test = dataset.load(data).draws[0].test
    return compare_with_champion(version, champion, test, evaluated.outcomes[0]["transfer"]["test"])
