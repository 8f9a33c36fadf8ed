"""A change as JSON for programs, of the form that `schemas/output/diff.schema.json` says."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from generators.diff.model import Change, PipelineChange
from generators.output import report


def to_json(change: Change) -> str:
    """The whole of a change."""
    return report.as_json((), to_record(change))


def to_record(change: Change) -> dict[str, Any]:
    """The same as values of JSON."""
    record = asdict(change) | {"effect": change.has_effect}
    return record | {
        "pipelines": [_pipeline(each) for each in change.pipelines],
        "inputs": [asdict(each) | {"in_base": each.in_base} for each in change.inputs],
    }


def _pipeline(each: PipelineChange) -> dict[str, Any]:
    versions = [{"place": place, "before": before, "after": after} for place, before, after in each.versions]
    before, after = each.definition
    return asdict(each) | {"versions": versions, "definition": {"before": before, "after": after}}
