"""The step that trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import say

from my_pipeline import centroids, examples

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def train(data: Path, origin: Mapping[str, Any], out: Path) -> dict[str, Any]:
    """Fit the model on the training part; `origin` are the facts of the data, which go on with the model."""
    loaded = examples.read(data)
    means = centroids.fit(loaded)
    used = {name: origin[name] for name in ("examples", "distance", "seed", "data_digest")}
    centroids.export(means, loaded.train[0][:2], {"used": used}, out)
    say(f"means of the classes: {means.round(2).tolist()}")
    return used
