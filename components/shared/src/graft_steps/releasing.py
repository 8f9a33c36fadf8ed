"""The two steps that end a pipeline: the gate, which records the run with its decision, and the registering."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graft_steps import records, registry, reports, say
from graft_steps.gate import Baseline, ChampionComparison, Decision, decide
from graft_steps.run_context import RunContext, display_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from graft_steps.estimate import Estimate

MEASURED_TAGS = (registry.ESTIMATE, registry.TEST_DIGEST, "data_digest", "graft.definition", "graft.image")


@dataclass(frozen=True)
class Measured:
    """What a pipeline has made and measured, as its gate is given it.

    estimate     on held-out items, to be judged
    baseline     what it must beat, and `threshold` what it must reach
    test_digest  of the held-out items: two models of the same digest were measured on the same
    data_digest  of all the data
    used         the parameters and facts of the run, for the record
    metrics      more numbers for the record than those of the estimate
    curves       numbers with a value for each epoch
    tags         more texts for the record
    folders      a place in the record ("" is its root) to the folder that is copied there; `plots/` and `report.html`
                 are looked for in the root
    name         of the run
    """

    estimate: Estimate
    baseline: Baseline
    threshold: float
    test_digest: str
    data_digest: str
    used: Mapping[str, Any]
    folders: Mapping[str, Path]
    metrics: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, list[float]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def all_metrics(self) -> dict[str, float]:
        """Every number of the record."""
        return {**self.estimate.metrics(), "baseline": self.baseline.value, **self.metrics}


@dataclass(frozen=True)
class Gated:
    """What the gate hands on; `places` says where things were recorded."""

    decision: Decision
    model_name: str
    run_id: str
    metrics: dict[str, float]
    places: dict[str, str]

    @property
    def accepted(self) -> bool:
        """Whether the model may become the champion."""
        return self.decision.accepted

    @property
    def reason(self) -> str:
        """Why, in words."""
        return self.decision.reason


def gate(
    measured: Measured,
    variety: str = "",
    run_again: Callable[[str, Path], ChampionComparison] | None = None,
    model: str = "",
) -> Gated:
    """Compare with baseline and champion, decide, and record the run whatever the decision is.

    The model is called as the pipeline is, or `model` where several pipelines make it; with a `variety`, such as the
    name of a data set whose models do not compete with others, that stands behind it. `run_again` compares with a
    champion that was measured on other items: it takes the champion's version and a folder with its model, which is
    there only meanwhile.
    """
    context = RunContext.from_variables(os.environ)
    mlflow = records.client(context)
    named = model or context.pipeline
    model_name = f"{named}-{variety}" if variety else named
    champion = registry.champion(mlflow, model_name)
    comparison = _compare(champion, measured, run_again) if champion else None
    decision = decide(measured.estimate, measured.baseline, measured.threshold, comparison)
    tags = {
        **context.tags(),
        **registry.measured(measured.estimate, measured.test_digest),
        "data_digest": measured.data_digest,
        "decision": "accepted" if decision.accepted else "refused",
        "reason": decision.reason,
        "champion": comparison.version if comparison else "",
        **measured.tags,
    }
    parameters = {**measured.used, "threshold": measured.threshold}
    metrics = measured.all_metrics()
    record = records.Record(parameters, metrics, measured.curves, tags, measured.folders, measured.name)
    run = records.write(mlflow, context, record)
    places = {
        "MLflow run": f"{run.info.run_id} in {context.tracking}",
        "plots": display_path(f"{run.info.artifact_uri}/plots"),
        "report": display_path(f"{run.info.artifact_uri}/report.html"),
    }
    say(f"{'accepted' if decision.accepted else 'not accepted'}: {decision.reason}")
    return Gated(decision, model_name, run.info.run_id, metrics, places)


def register(model: Path, model_name: str, run_id: str, summary: Path) -> tuple[str, str]:
    """Make the model that the gate accepted the champion; return its version and URI, and write them as Markdown."""
    context = RunContext.from_variables(os.environ)
    mlflow = records.client(context)
    recorded = mlflow.get_run(run_id).data.tags
    tags = {name: recorded[name] for name in MEASURED_TAGS}
    version, uri = registry.register(mlflow, model_name, context.models(model_name), model, run_id, tags)
    rows = (
        f"- model: `{display_path(uri)}`\n- alias: `champion`\n- MLflow run: `{run_id}`",
        f"With its preprocessing inside: `mlflow.pyfunc.load_model('models:/{model_name}@champion')`.",
    )
    summary.write_text(reports.markdown(f"{model_name} version {version} is the champion", rows))
    say(f"{model_name} version {version} is the champion: {display_path(uri)}")
    return version, uri


def _compare(
    champion: registry.Champion, measured: Measured, run_again: Callable[[str, Path], ChampionComparison] | None
) -> ChampionComparison:
    """The champion on the same test items: by its record where they are the same, by running it where not."""
    if champion.estimate and champion.test_digest == measured.test_digest:
        return ChampionComparison(champion.version, champion.estimate, measured.estimate)
    if run_again is None:
        return ChampionComparison(champion.version, not_compared="it was measured on other test items")
    with registry.downloaded(champion.uri) as folder:
        return run_again(champion.version, folder)
