"""The step that makes the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import integer, positive

from my_pipeline import examples

if TYPE_CHECKING:
    from pathlib import Path


def prepare(count: int, distance: float, seed: int, out: Path) -> dict[str, Any]:
    """Draw `count` examples and check them; return what was used, with the digest."""
    used = {
        "examples": integer("examples", count, 80, 1_000_000),
        "distance": positive("distance", distance),
        "seed": integer("seed", seed, 0),
    }
    drawn = examples.draw(used["examples"], used["distance"], used["seed"])
    examples.check(drawn)
    examples.write(drawn, out)
    say(f"{len(drawn.labels)} examples, {drawn.training} of them to train on, digest {drawn.digest()}")
    return {**used, "data_digest": drawn.digest()}
