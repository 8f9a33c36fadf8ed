"""The first step: data, split and held to be plausible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import say

from transfer_learning.sources import fetch

if TYPE_CHECKING:
    from pathlib import Path


def fetch_data(data: str, seed: int, draws: int, examples_per_class: int, out: Path) -> dict[str, Any]:
    """Get, split and check the data; write it into the folder `out` and return its facts, its digest among them."""
    fetched = fetch(data, seed, draws, examples_per_class)
    fetched.save(out)
    facts = fetched.facts()
    say(f"{facts['name']}: {facts['source_items']} source items of {facts['source_classes']} classes")
    say(f"target: {facts['target_classes']} classes, {facts['train_items']} items to train on, draws: {facts['draws']}")
    say(f"test: {facts['test_items']} held-out items a draw, split by {facts['split_by']}")
    say(f"digest {facts['digest'][:16]}")
    return facts
