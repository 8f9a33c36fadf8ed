"""The champion's own SavedModel against a challenger, on the test rows of now, less those that it has learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps.gate import ChampionComparison
from graft_steps.models import facts_of

from sequence_training.evaluation import estimates
from sequence_training.exporting import served
from sequence_training.windows import FEWEST

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from sequence_training.series import Series
    from sequence_training.windows import Windows


def compare_with_champion(
    version: str, champion: Path, series: Series, test: Windows, answers: np.ndarray, seed: int
) -> ChampionComparison:
    """Compare by R2 on rows that the champion has not seen; `answers` [n, 3] are the challenger's to all of `test`."""
    facts = facts_of(champion)
    if facts.get("channels") != list(series.channels):
        return ChampionComparison(version, not_compared="it was trained on other channels")
    seen, prints = set(facts["seen"]), series.fingerprints()
    unseen = [place for place, row in enumerate(test.rows) if prints[row] not in seen]
    if len(unseen) < FEWEST:
        return ChampionComparison(version, not_compared=f"it has learnt from all but {len(unseen)} of these test rows")
    truth = test.targets[unseen]
    ours, theirs = (
        estimates(truth, each, seed)["r2"] for each in (answers[unseen], served(champion, test.inputs[unseen]))
    )
    return ChampionComparison(version, theirs, ours)
