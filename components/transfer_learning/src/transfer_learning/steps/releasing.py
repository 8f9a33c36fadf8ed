"""The steps that touch the environment's database and storage: recording a run with its decision, and registering."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transfer_learning import dataset, registry, report, tracking
from transfer_learning.checks import fraction
from transfer_learning.evaluation import Evaluation, read
from transfer_learning.gate import ChampionComparison, Decision, decide
from transfer_learning.run_context import RunContext, display_path
from transfer_learning.steps import RESULTS, say

if TYPE_CHECKING:
    from pathlib import Path

MEASURED_TAGS = ("right", "n", "test_digest", "data_digest", "graft.definition", "graft.image")


@dataclass(frozen=True)
class Gated:
    """What the gate hands on."""

    accepted: bool
    reason: str
    model_name: str
    run_id: str
    metrics: dict[str, float]


def gate(data: Path, model: Path, evaluation: Path, accuracy_threshold: float, summary: Path) -> Gated:
    """Compare with baselines and champion, decide, and record the run whatever the decision is."""
    threshold = fraction("accuracy_threshold", accuracy_threshold)
    evaluated = read(evaluation / RESULTS)
    context = RunContext.from_variables(os.environ)
    mlflow = tracking.client(context)
    name = f"{context.pipeline}-{evaluated.used['data']}"
    champion = registry.champion(mlflow, name)
    comparison = _compare(champion, evaluated, data) if champion else None
    decision = decide(evaluated.accuracy, evaluated.majority, threshold, comparison)
    record = tracking.Record(
        parameters={**evaluated.used, "accuracy_threshold": threshold},
        metrics=evaluated.metrics(),
        curves={f"{arm}_curve": evaluated.outcomes[0][arm]["curve"] for arm in ("transfer", "scratch")},
        tags={**context.tags(), **_tags(evaluated, decision, comparison)},
        folders={"": evaluation, "model": model},
    )
    run = tracking.write(mlflow, context, record)
    places = {
        "MLflow run": f"{run.info.run_id} in {context.tracking}",
        "plots": display_path(f"{run.info.artifact_uri}/plots"),
        "report": display_path(f"{run.info.artifact_uri}/report.html"),
    }
    summary.write_text(report.summary(evaluated, decision, places))
    say(f"{'accepted' if decision.accepted else 'not accepted'}: {decision.reason}")
    return Gated(decision.accepted, decision.reason, name, run.info.run_id, evaluated.metrics())


def register(model: Path, model_name: str, run_id: str, summary: Path) -> tuple[str, str]:
    """Make the model that the gate accepted the champion; return its version and URI."""
    context = RunContext.from_variables(os.environ)
    mlflow = tracking.client(context)
    recorded = mlflow.get_run(run_id).data.tags
    tags = {name: recorded[name] for name in MEASURED_TAGS}
    version, uri = registry.register(mlflow, model_name, context.models(model_name), model, run_id, tags)
    summary.write_text(
        f"# {model_name} version {version} is the champion\n\n"
        f"- model: `{display_path(uri)}`\n- alias: `champion`\n- MLflow run: `{run_id}`\n\n"
        "One SavedModel with its preprocessing: raw images in, class names and scores out.\n"
    )
    say(f"{model_name} version {version} is the champion: {display_path(uri)}")
    return version, uri


def _compare(champion: registry.Champion, evaluated: Evaluation, data: Path) -> ChampionComparison:
    """The champion on the same test items: by its record where they are the same, by running it where not."""
    if champion.test_digest == evaluated.used["data_test_digest"]:
        return ChampionComparison(champion.version, champion.accuracy, evaluated.accuracy)
    from transfer_learning.champion import compare_with_champion  # TensorFlow takes seconds, and is seldom needed here

    test = dataset.load(data).draws[0].test
    with registry.downloaded(champion.uri) as folder:
        return compare_with_champion(champion.version, folder, test, evaluated.outcomes[0]["transfer"]["test"])


def _tags(evaluated: Evaluation, decision: Decision, comparison: ChampionComparison | None) -> dict[str, str]:
    return {
        "decision": "accepted" if decision.accepted else "refused",
        "reason": decision.reason,
        "champion": comparison.version if comparison else "",
        "variant": evaluated.used["variant"],
        "data_digest": evaluated.used["data_digest"],
        "test_digest": evaluated.used["data_test_digest"],
        "right": str(evaluated.accuracy.right),
        "n": str(evaluated.accuracy.n),
    }
