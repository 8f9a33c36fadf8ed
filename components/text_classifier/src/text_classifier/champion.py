"""The champion's own SavedModel against a challenger, on the test texts of now, less those that it has learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps.gate import ChampionComparison
from graft_steps.models import facts_of
from graft_steps.statistics import Proportion

from text_classifier.exporting import prints, served

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from text_classifier.dataset import Data

FEWEST = 50  # texts, below which two accuracies say nothing


def compare_with_champion(version: str, champion: Path, data: Data, answers: Sequence[int]) -> ChampionComparison:
    """Compare by accuracy on texts that the champion has not seen; `answers` are the challenger's to all test texts."""
    facts = facts_of(champion)
    if sorted(facts.get("classes", ())) != sorted(data.classes):
        return ChampionComparison(version, not_compared="it was trained on other classes")
    seen, test = set(facts["seen"]), data.test
    unseen = [place for place, each in enumerate(prints(test.texts)) if each not in seen]
    if len(unseen) < FEWEST:
        return ChampionComparison(version, not_compared=f"it has learnt from all but {len(unseen)} of these test texts")
    truth = [data.classes[test.labels[place]] for place in unseen]
    theirs, _ = served(champion, [test.texts[place] for place in unseen])
    ours = [data.classes[answers[place]] for place in unseen]
    found = [
        Proportion(sum(true == said for true, said in zip(truth, each, strict=True)), len(truth)).estimate()
        for each in (theirs, ours)
    ]
    return ChampionComparison(version, *found)
