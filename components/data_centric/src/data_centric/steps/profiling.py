"""The step that looks at a version as a whole: statistics, schema, anomalies, drift against the last good version."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from graft_steps import plots as shared_plots
from graft_steps import records, registry, say
from graft_steps.checks import StepError, fraction
from graft_steps.run_context import RunContext
from mlflow.tracking import MlflowClient

from data_centric import champion, checking, dataset, features, plots, report, schema
from data_centric.steps.checking import FILE as ISSUES

FILE = "profile.json"
Profile = dict[str, Any]


def profile(
    data: Path, issues: Path, version: str, drift_limit: float, anomaly_limit: float, out: Path, page: Path
) -> dict[str, float]:
    """Write statistics and schema into `out` and a page; return the distances.

    StepError where a feature drifts by more than `drift_limit`, or more than a share `anomaly_limit` of a part breaks a
    rule of the last good version's schema.
    """
    limits = fraction("drift_limit", drift_limit, 1.0001), fraction("anomaly_limit", anomaly_limit, 1.0001)
    context = RunContext.from_variables(os.environ)
    rows = dataset.read(data)
    measured = features.measures(data, rows)
    found = describe(rows, measured, last_good(records.client(context), context.pipeline))
    found["issues"] = json.loads((issues / ISSUES).read_text())
    _write(found, version, limits[0], out, page)
    _require_similar(found, *limits)
    return {f"{name}_drift": value for name, value in found["drift"].items()} | {"anomalies": len(found["anomalies"])}


def describe(rows: list[dataset.Row], measured: features.Measures, before: Profile | None) -> Profile:
    """Statistics and schema of a version, and what the profile of the version before says against it."""
    statistics = features.statistics(rows, measured)
    odd = schema.anomalies(rows, measured, before["schema"]) if before else []
    drift = schema.distances(statistics[schema.PART], before["statistics"][schema.PART]) if before else {}
    return {
        "statistics": statistics,
        "schema": schema.infer(statistics),
        "before": before["version"] if before else "",
        "anomalies": [str(each) for each in odd],
        "shares": schema.as_json(odd),
        "drift": drift,
    }


def last_good(mlflow: MlflowClient, name: str) -> Profile | None:
    """The profile that is kept with the champion; None where there is no champion, or one without."""
    known = registry.champion(mlflow, name)
    if known is None:
        say("there is no good version before this: nothing to compare with")
        return None
    run_id, place = champion.run_of(mlflow, name, known.version), f"{champion.PROFILE}/{FILE}"
    if not any(each.path == place for each in mlflow.list_artifacts(run_id, champion.PROFILE)):
        say(f"champion version {known.version} has no profile in its run {run_id}: nothing to compare with")
        return None
    with tempfile.TemporaryDirectory() as scratch:
        return json.loads(Path(mlflow.download_artifacts(run_id, place, scratch)).read_text())


def _write(found: Profile, version: str, drift_limit: float, out: Path, page: Path) -> None:
    figures = {"Images of each class": ("labels.png", plots.labels(found["statistics"]))}
    if found["drift"]:
        figures["Drift of each feature"] = ("drift.png", plots.drift(found["drift"], drift_limit))
    drawn = shared_plots.save(figures, out / "plots")
    (out / FILE).write_text(json.dumps({**found, "version": version}, indent=2))
    page.write_text(report.profile_page(version, found, drawn))
    (out / "report.html").write_text(page.read_text())


def _require_similar(found: Profile, drift_limit: float, anomaly_limit: float) -> None:
    for name, value in found["drift"].items():
        say(f"drift of {name}: {value:.3f}")
    for text in found["anomalies"]:
        say(f"anomaly: {text}")
    problems = [
        f"{name} has drifted by {value:.3f}, more than drift_limit {drift_limit:g}"
        for name, value in found["drift"].items()
        if value > drift_limit
    ]
    problems += [
        f"{text}, more than anomaly_limit {anomaly_limit:g}: {checking.named(each['images'])}"
        for text, each in zip(found["anomalies"], found["shares"], strict=True)
        if each["share"] > anomaly_limit
    ]
    if problems:
        raise StepError(
            f"the version does not look like {found['before']}, the last good one:\n  "
            + "\n  ".join(problems)
            + "\nWhere the change is meant, set a higher limit"
        )
