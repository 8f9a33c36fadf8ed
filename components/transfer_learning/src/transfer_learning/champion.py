"""The champion's own SavedModel against a challenger: on the test items of now, less those that it was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps.gate import ChampionComparison
from graft_steps.models import facts_of
from graft_steps.statistics import Proportion

from transfer_learning.serving import classify

if TYPE_CHECKING:
    from pathlib import Path

    from transfer_learning.items import Items


def compare_with_champion(version: str, champion: Path, test: Items, answers: list[int]) -> ChampionComparison:
    """Compare the champion's SavedModel with the `answers` of the challenger, on items that neither was trained on."""
    facts = facts_of(champion)
    if sorted(facts.get("classes", ())) != sorted(test.classes):
        return ChampionComparison(version, not_compared="it was trained on other classes")
    seen = set(facts["seen"])
    unseen = [position for position, fingerprint in enumerate(test.fingerprints()) if fingerprint not in seen]
    if not unseen:
        return ChampionComparison(version, not_compared="it was trained on all of these test items")
    kept = test.take(unseen)
    names = classify(champion, kept.images)
    champion_right = sum(name == test.classes[label] for name, label in zip(names, kept.labels, strict=True))
    challenger_right = int(sum(answers[position] == test.labels[position] for position in unseen))
    return ChampionComparison(
        version,
        Proportion(champion_right, len(unseen)).estimate(),
        Proportion(challenger_right, len(unseen)).estimate(),
    )
