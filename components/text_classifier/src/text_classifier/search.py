"""The search for a network: which ones are tried, and which is picked by its loss on the validation part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from text_classifier.settings import Network, Search


def trials(given: Network, search: Search, seed: int) -> list[Network]:
    """The given network, and different ones drawn from the ranges, so that they are `search.trials` in all."""
    if not search.trials:
        return []
    if search.conv_layers[1] > len(given.filter_sizes):
        raise StepError(
            f"search.conv_layers: {search.conv_layers[1]} layers need as many filter_sizes, "
            f"and {len(given.filter_sizes)} are given"
        )
    rng, found = np.random.default_rng(seed), [given]
    for _ in range(1000):
        if len(found) == search.trials:
            return found
        drawn = replace(
            given,
            filters=int(rng.integers(search.filters[0], search.filters[1] + 1)),
            conv_layers=int(rng.integers(search.conv_layers[0], search.conv_layers[1] + 1)),
            dropout=round(float(rng.uniform(*search.dropout)), 3),
        )
        if drawn not in found:
            found.append(drawn)
    raise StepError(f"search: its ranges hold fewer than {search.trials} different networks: widen them, or try fewer")


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean of -log of the right class' probability; without L2, which is more the more filters there are."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)).mean())


def picked(results: Sequence[dict[str, Any]]) -> int:
    """The place of the result with the lowest validation loss; StepError where there is none to choose from."""
    if not results:
        raise StepError("search: no trial has a result")
    losses = [result["validation_loss"] for result in results]
    if not np.isfinite(losses).any():
        raise StepError("search: no trial has a finite validation loss: lower learning_rate")
    return int(np.nanargmin(losses))
