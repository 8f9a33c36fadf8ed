"""The step that decides: baseline, threshold and champion, and the record of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps import releasing, reports
from graft_steps.checks import fraction
from graft_steps.gate import Baseline
from graft_steps.releasing import Gated, Measured

from my_pipeline import evaluation

if TYPE_CHECKING:
    from pathlib import Path


def gate(model: Path, evaluated: Path, accuracy_threshold: float, summary: Path) -> Gated:
    """Judge the accuracy, and record the run whatever the decision is."""
    measured = evaluation.read(evaluated)
    gated = releasing.gate(
        Measured(
            estimate=measured.accuracy,
            baseline=Baseline(evaluation.BASELINE, measured.baseline),
            threshold=fraction("accuracy_threshold", accuracy_threshold),
            test_digest=measured.test_digest,
            data_digest=measured.used["data_digest"],
            used=measured.used,
            folders={"": evaluated, "model": model},
        )
    )
    accepted = "accepted" if gated.accepted else "not accepted"
    blocks = (f"**{measured.verdict()}.**", f"Decision: {gated.reason}.", reports.places(gated.places))
    summary.write_text(reports.markdown(f"My pipeline: {accepted}", blocks))
    return gated
