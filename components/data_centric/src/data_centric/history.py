"""The history of the data: one row a recorded run, from MLflow, in the order in which they ran."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graft_steps import plots, registry, reports
from graft_steps.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

LONGEST = 12  # rows of a table, the last ones
HEADING = ("data version", "digest", "images", "suspected", "accuracy", "95 % interval", "to the champion", "decision")


@dataclass(frozen=True)
class Entry:
    """One run: its data, its accuracy, its difference to the champion of that time with its interval, the decision."""

    data_version: str
    digest: str
    images: int
    suspected: float
    accuracy: Estimate
    difference: tuple[float, float, float] | None
    decision: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the columns of `HEADING`."""
        found, known = self.accuracy, self.difference
        return (
            self.data_version,
            self.digest[:8],
            str(self.images),
            f"{self.suspected:.1%}",
            f"{found.value:.3f} (n={found.n})",
            f"{found.low:.3f}-{found.high:.3f}",
            f"{known[0]:+.3f} ({known[1]:+.3f} to {known[2]:+.3f})" if known else "-",
            self.decision,
        )


def read(mlflow: MlflowClient, pipeline: str) -> list[Entry]:
    """All runs that a gate has recorded, the oldest first."""
    experiment = mlflow.get_experiment_by_name(pipeline)
    if experiment is None:
        return []
    runs = mlflow.search_runs([experiment.experiment_id], max_results=1000, order_by=["attributes.start_time ASC"])
    return [_entry(run) for run in runs if registry.ESTIMATE in run.data.tags and "data_version" in run.data.params]


def table(entries: Sequence[Entry]) -> str:
    """As Markdown, short enough for a terminal: the last runs."""
    chosen = [0, 3, 4, 5, 7]
    rows = [[entry.cells[column] for column in chosen] for entry in entries[-LONGEST:]]
    return reports.markdown_table([HEADING[column] for column in chosen], rows)


def figure(entries: Sequence[Entry]) -> Figure:
    """Accuracy with its interval, a row a run."""
    rows = {f"{number}. {entry.data_version}": entry.accuracy for number, entry in enumerate(entries[-LONGEST:], 1)}
    return plots.intervals(rows, "accuracy on the test")


def _entry(run: Run) -> Entry:
    tags, params, metrics = run.data.tags, run.data.params, run.data.metrics
    names = [f"champion_difference{end}" for end in ("", "_low", "_high")]
    return Entry(
        params["data_version"],
        tags.get("data_digest", ""),
        int(params["images"]),
        metrics.get("suspected_share", 0.0),
        Estimate(**json.loads(tags[registry.ESTIMATE])),
        tuple(metrics[name] for name in names) if names[0] in metrics else None,
        tags["decision"],
    )
