"""The step that decides: all boundaries against chance, threshold and champion, and the record of the run."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graft_steps import places, releasing
from graft_steps.checks import fraction
from graft_steps.gate import ChampionComparison
from graft_steps.releasing import Gated, Measured

from latent_boundary import champion, dataset, generators, model, report
from latent_boundary.evaluation import Evaluation, read
from latent_boundary.fingerprints import of_arrays

if TYPE_CHECKING:
    from pathlib import Path


def gate(data: Path, directions: Path, folder: Path, threshold: float, dataset_uri: str, summary: Path) -> Gated:
    """Judge the lowest cosine, or accuracy where no direction is planted; record the run whatever the decision is."""
    evaluated, known, loaded = read(folder), model.load(directions), dataset.load(data)

    def run_again(version: str, champions: Path) -> ChampionComparison:
        if evaluated.is_planted:
            return ChampionComparison(version, not_compared="it has boundaries of other attributes")
        return champion.compare(version, champions, loaded, evaluated.boundaries, known)

    measured = Measured(
        estimate=evaluated.estimate,
        baseline=evaluated.baseline(loaded.latents.shape[1]),
        threshold=fraction("threshold", threshold),
        test_digest=_test_digest(evaluated),
        data_digest=evaluated.used["data_digest"],
        used={**evaluated.used, "dataset_uri": dataset_uri},
        metrics=evaluated.metrics(),
        tags={"worst_attribute": evaluated.worst},
        folders={"": folder, "model": directions},
        name=", ".join(evaluated.attributes),
    )
    gated = releasing.gate(measured, _variety(evaluated.used["generator"]), run_again)
    summary.write_text(report.summary(evaluated, gated.decision, gated.places))
    return gated


def _test_digest(evaluated: Evaluation) -> str:
    """What the estimate was measured against: the planted directions, or this data set's held-out pictures."""
    if not evaluated.is_planted:
        return evaluated.used["data_digest"]
    planted = generators.planted(evaluated.used["generator"])
    return of_arrays([planted[name] for name in evaluated.attributes])


def _variety(generator: str) -> str:
    """A name for what a model edits, as latent codes of one generator mean nothing to another."""
    return PurePath(urlsplit(generator).path).stem if places.is_place(generator) else generator
