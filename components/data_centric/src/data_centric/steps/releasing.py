"""The step that decides: two verdicts, the record of the run with its data version, and the history of all versions."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from graft_steps import plots, records, releasing
from graft_steps.checks import fraction
from graft_steps.gate import Baseline
from graft_steps.releasing import Gated, Measured
from graft_steps.run_context import RunContext

from data_centric import champion, evaluation, history, report, verdicts
from data_centric.verdicts import Verdict


@dataclass(frozen=True)
class Blessed:
    """What the gate decided, and each of its two verdicts."""

    gated: Gated
    threshold: Verdict
    regression: Verdict


def gate(
    tested: Path, images: Path, model: Path, profile: Path, accuracy_threshold: float, summary: Path, page: Path
) -> Blessed:
    """Compare with threshold and champion, decide, record the run whatever the decision is, and show all versions.

    `tested` is the evaluation, `images` are the records that it rests on.
    """
    threshold = fraction("accuracy_threshold", accuracy_threshold, 1.0001)
    found = evaluation.read(tested)
    context = RunContext.from_variables(os.environ)
    mlflow = records.client(context)
    compared = champion.compare(mlflow, context.pipeline, found, images)
    measured = Measured(
        estimate=found.accuracy.estimate(),
        baseline=Baseline(evaluation.MAJORITY, found.majority),
        threshold=threshold,
        test_digest=found.test_digest,
        data_digest=found.used["data_digest"],
        used=found.used,
        metrics={**found.metrics(), **(compared.metrics() if compared else {})},
        curves={f"{name}_curve": values for name, values in found.curves.items()},
        tags={"data_version": found.used["data_version"], "data_commit": found.used["data_commit"]},
        folders={"": tested, "model": model, champion.PROFILE: profile},
        name=f"data {found.used['data_version']}",
    )
    gated = releasing.gate(measured, run_again=lambda version, folder: compared.for_gate())
    both = {
        "Threshold": verdicts.absolute(found.accuracy, threshold),
        "No regression": verdicts.no_regression(compared),
    }
    entries = history.read(mlflow, context.pipeline)
    summary.write_text(report.summary(found, both, gated.decision, entries, gated.places))
    drawn = plots.save({"Accuracy of each run": ("history.png", history.figure(entries))}, summary.parent / "history")
    page.write_text(report.history_page(entries, drawn))
    return Blessed(gated, *both.values())
