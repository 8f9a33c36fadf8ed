"""The state of a fleet as JSON, of the form that `schemas/output/status.schema.json` says."""

from __future__ import annotations

from typing import Any

from generators.live.model import Row, Run, text_of
from generators.live.status import Status
from generators.output import report


def of_status(status: Status) -> str:
    """All of it."""
    return report.as_json(status.findings, {"taken": text_of(status.taken), "rows": list(map(row, status.rows))})


def row(it: Row) -> dict[str, Any]:
    """One pipeline on one cluster; null is what nobody could be asked, or what there is not."""
    application = it.application
    return {
        "environment": it.environment,
        "cluster": it.cluster,
        "engine": it.engine,
        "pipeline": it.pipeline,
        "version": {"git": it.git, "live": it.live},
        "application": None
        if application is None
        else {key: getattr(application, key) for key in ("name", "sync", "health", "message", "revision")},
        "run": it.run and run(it.run),
        "schedule": {"next": it.next.isoformat() if it.next else None, "suspended": it.suspended},
        "links": dict(it.links),
    }


def run(it: Run) -> dict[str, Any]:
    """A run, without its steps."""
    keys = ("name", "phase", "version", "message", "started", "finished", "seconds", "metrics", "step", "log")
    found = {key: getattr(it, key) for key in keys}
    metric = dict(zip(("name", "value"), it.headline, strict=True)) if it.headline else None
    return {**found, "metrics": dict(it.metrics), "metric": metric}
