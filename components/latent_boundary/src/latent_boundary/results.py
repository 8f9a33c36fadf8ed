"""What is known of every boundary, from its training to the report: `boundary.json`, and all of them as `results.json`.

A boundary's folder also holds `boundary.npy`, its unit normal vector, float32 [1, dimension].
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError
from graft_steps.estimate import Estimate
from graft_steps.statistics import Proportion

from latent_boundary import files
from latent_boundary.boundaries import Boundary

if TYPE_CHECKING:
    from pathlib import Path

ARRAY, FACTS, RESULTS = "boundary.npy", "boundary.json", "results.json"
LOWEST_COSINE, LOWEST_ACCURACY = "lowest_cosine", "lowest_validation_accuracy"


@dataclass(frozen=True)
class Trained:
    """One attribute's boundary as it was measured.

    validation, rest   how many of the held-out pictures lie on the right side; no rest where half of all was chosen
    majority           what always naming the larger class gives on the validation part
    cosine             with the planted direction, where there is one
    trained_on         hashes of the latent codes of the training part
    validated_on       their rows in the data set, with their labels
    """

    attribute: str
    offset: float
    invalid: int
    train: int
    validation: Proportion
    rest: Proportion | None
    majority: float
    cosine: Estimate | None
    trained_on: list[str]
    validated_on: dict[str, list[int]]
    used: dict[str, Any]

    def estimates(self) -> dict[str, Estimate | Proportion]:
        """What was measured, by name."""
        found = {"cosine": self.cosine, "validation accuracy": self.validation, "accuracy on the rest": self.rest}
        return {name: value for name, value in found.items() if value is not None}

    def metrics(self) -> dict[str, float]:
        """The numbers of a record; their names begin with the attribute."""
        named = {
            "cosine": self.cosine,
            "validation_accuracy": self.validation.estimate("validation_accuracy"),
            "rest_accuracy": self.rest and self.rest.estimate("rest_accuracy"),
        }
        found = {name: value for part in named.values() if part for name, value in part.metrics().items()}
        return {f"{self.attribute}_{name}": value for name, value in found.items()} | {
            f"{self.attribute}_invalid_scores": float(self.invalid)
        }

    def as_json(self) -> dict[str, Any]:
        """Plain values, which `of` takes again."""
        return asdict(self)


def of(written: dict[str, Any]) -> Trained:
    """What `Trained.as_json` gave."""
    return Trained(**{
        **written,
        "validation": Proportion(**written["validation"]),
        "rest": Proportion(**written["rest"]) if written["rest"] else None,
        "cosine": Estimate(**written["cosine"]) if written["cosine"] else None,
    })  # fmt: skip


def save(trained: Trained, boundary: Boundary, folder: Path) -> None:
    """Write one boundary."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / ARRAY, boundary.normal)
    files.write_facts(folder / FACTS, trained.as_json())


def load(folder: Path) -> tuple[Trained, Boundary]:
    """Read one boundary; StepError where its normal is not a unit vector."""
    trained = of(files.facts(folder / FACTS))
    normal = np.array(files.array(folder / ARRAY, "f", 2))
    if normal.shape[0] != 1 or abs(np.linalg.norm(normal) - 1) > 1e-3:
        raise StepError(f"{folder / ARRAY}: {normal.shape} of length {np.linalg.norm(normal):g} is not a unit vector")
    return trained, Boundary(normal, trained.offset)


def judged(found: list[Trained]) -> tuple[Estimate, Trained]:
    """What a gate judges, with the attribute that it is of: the lowest cosine, or accuracy where nothing is planted."""
    if all(each.cosine for each in found):
        worst = min(found, key=lambda each: (each.cosine.value, each.cosine.low))
        return _renamed(worst.cosine, LOWEST_COSINE), worst
    worst = min(found, key=lambda each: (each.validation.value, each.validation.low))
    return _renamed(worst.validation.estimate(), LOWEST_ACCURACY), worst


def _renamed(estimate: Estimate, name: str) -> Estimate:
    return Estimate(name, estimate.value, estimate.low, estimate.high, estimate.n)
