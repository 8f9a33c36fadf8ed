"""The steps that record: the gate of a trained model, and the data set that preprocessing has stored."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from graft_steps import records, releasing, say
from graft_steps.checks import StepError
from graft_steps.gate import Baseline, ChampionComparison
from graft_steps.models import facts_of
from graft_steps.releasing import Gated, Measured
from graft_steps.run_context import RunContext

from sequence_training import evaluation, report, series
from sequence_training.steps import judging
from sequence_training.steps.preparing import RECORD

MODEL = "sequence-training"  # what training and retraining make; the two compete for one champion


def gate(data: Path, model: Path, evaluated: Path, r2_threshold: float, summary: Path) -> Gated:
    """Compare with persistence, threshold and champion, decide, and record the run whatever the decision is."""
    results = evaluation.read(evaluated)
    if isinstance(r2_threshold, bool) or not 0 <= r2_threshold <= 1:
        raise StepError(f"r2_threshold: {r2_threshold!r} must be a number from 0 to 1")

    def run_again(version: str, champion: Path) -> ChampionComparison:
        from sequence_training.champion import compare_with_champion  # TensorFlow takes seconds, seldom needed here

        loaded = series.read(data)
        how, test = judging.held_out(loaded, facts_of(model))
        return compare_with_champion(version, champion, loaded, test, np.array(results["answers"]), how.seed)

    measured = Measured(
        estimate=evaluation.estimate(results, "model"),
        baseline=Baseline(evaluation.PERSISTENCE, evaluation.estimate(results, "persistence").value),
        threshold=float(r2_threshold),
        test_digest=results["test_digest"],
        data_digest=results["used"]["data_digest"],
        used=results["used"],
        metrics=judging.metrics(results),
        curves={f"{name}_loss": values for name, values in results["curves"].items()},
        folders={"": evaluated, "model": model},
        name=results["used"]["dataset_uid"],
    )
    gated = releasing.gate(measured, run_again=run_again, model=MODEL)
    summary.write_text(report.summary(results, gated.decision, gated.places))
    return gated


def record_preprocessing(evidence: Path, uid: str, digest: str) -> str:
    """Record a run of sequence-preprocessing with its pictures; return the id of its MLflow run."""
    context = RunContext.from_variables(os.environ)
    written: dict[str, Any] = json.loads((evidence / RECORD).read_text())
    tags = {**context.tags(), "data_digest": written["used"]["data_digest"], "stored_digest": digest}
    record = records.Record(
        {**written["used"], "stored_uid": uid}, written["metrics"], {}, tags, {"": evidence}, name=uid
    )
    run = records.write(records.client(context), context, record)
    say(f"MLflow run {run.info.run_id} in {context.tracking}")
    return run.info.run_id
