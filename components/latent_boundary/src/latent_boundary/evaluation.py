"""What a run has found, read from its files: every boundary's measurement and what its edits change in pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError
from graft_steps.gate import Baseline
from scipy import stats

from latent_boundary import files, results
from latent_boundary.edits import Changes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graft_steps.estimate import Estimate

    from latent_boundary.results import Trained

CHANGES = "changes.json"
RANDOM, ONE_SIDE = "the best of a thousand random directions", "always naming the same side"


@dataclass(frozen=True)
class Evaluation:
    """All boundaries with what was `used`, and the changes of scores that their edits make."""

    used: dict[str, Any]
    boundaries: list[Trained]
    changes: Changes

    @property
    def attributes(self) -> list[str]:
        """In the order in which they were asked for."""
        return [each.attribute for each in self.boundaries]

    @property
    def estimate(self) -> Estimate:
        """What the gate judges."""
        return results.judged(self.boundaries)[0]

    @property
    def worst(self) -> str:
        """The attribute that the estimate is of."""
        return results.judged(self.boundaries)[1].attribute

    @property
    def is_planted(self) -> bool:
        """Whether the true directions are known, so that cosines are judged."""
        return self.estimate.name == results.LOWEST_COSINE

    def baseline(self, dimension: int) -> Baseline:
        """What chance gives: the squared cosine of a random direction is distributed as Beta(1/2, (d - 1)/2)."""
        if self.is_planted:
            return Baseline(RANDOM, float(np.sqrt(stats.beta.ppf(0.999, 0.5, (dimension - 1) / 2))))
        return Baseline(ONE_SIDE, results.judged(self.boundaries)[1].majority)

    def metrics(self) -> dict[str, float]:
        """The numbers that a record of the run keeps."""
        measured = {name: value for each in self.boundaries for name, value in each.metrics().items()}
        return measured | self.change_metrics()

    def change_metrics(self) -> dict[str, float]:
        """What edits change of scores, in numbers."""
        found = {}
        for row, name in enumerate(self.attributes):
            before, after = self.changes.spill(row)
            found |= {f"{name}_edit": self.changes.own(row), f"{name}_spill": after, f"{name}_spill_before": before}
        return found


def read(folder: Path) -> Evaluation:
    """Read what projecting and previewing wrote."""
    written, changed = files.facts(folder / results.RESULTS), files.facts(folder / CHANGES)
    if not written.get("boundaries"):
        raise StepError(f"{folder / results.RESULTS} contains no boundaries")
    found = Changes(*(np.array(changed[name], float) for name in ("boundary", "conditional")))
    return Evaluation(written["used"], [results.of(each) for each in written["boundaries"]], found)


def complete(folder: Path, changes: Changes, used: Mapping[str, Any]) -> None:
    """Add to the results in `folder` what previewing found, and what it used for that."""
    files.write_facts(folder / CHANGES, {name: getattr(changes, name).tolist() for name in ("boundary", "conditional")})
    written = files.facts(folder / results.RESULTS)
    files.write_facts(folder / results.RESULTS, {**written, "used": {**written["used"], **used}})
