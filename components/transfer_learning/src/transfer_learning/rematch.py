"""The champion on trial again: its SavedModel on the test items of now, less those that it has learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfer_learning.gate import Rival
from transfer_learning.serving import classify, read_facts
from transfer_learning.statistics import Proportion

if TYPE_CHECKING:
    from pathlib import Path

    from transfer_learning.items import Items


def rematch(version: str, champion: Path, test: Items, answers: list[int]) -> Rival:
    """Compare the champion's SavedModel with the `answers` of the model on trial, on items unseen by both."""
    facts = read_facts(champion)
    if sorted(facts.get("classes", ())) != sorted(test.classes):
        return Rival(version, unknown="it tells other classes apart")
    seen = set(facts["seen"])
    unseen = [position for position, fingerprint in enumerate(test.fingerprints()) if fingerprint not in seen]
    if not unseen:
        return Rival(version, unknown="it has learnt from all of these test items")
    fair = test.take(unseen)
    names = classify(champion, fair.images)
    champion_right = sum(name == test.classes[label] for name, label in zip(names, fair.labels, strict=True))
    trial_right = sum(answers[position] == test.labels[position] for position in unseen)
    return Rival(version, Proportion(champion_right, len(unseen)), Proportion(int(trial_right), len(unseen)))
