"""A record of a run, as the component `operations` writes it: a ConfigMap `run-<name>`, which outlives the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generators.live.model import Run, text_of


def run(data: Mapping[str, str], created: Any = None) -> Run:
    """The run that a record's data tell of; one that has not begun began when its record was `created`."""
    outputs = _json(data.get("outputs", ""))
    return Run(
        name=data.get("run", ""),
        phase=data.get("phase", ""),
        version=data.get("version", ""),
        message=data.get("message", ""),
        started=data.get("started") or data.get("claimed") or text_of(created),
        finished=data.get("finished", ""),
        outputs=outputs.get("parameters", {}),
        metrics=outputs.get("metrics", {}),
        step=data.get("step", ""),
        log=data.get("log", ""),
    )


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:  # somebody has edited it
        return {}
    return found if isinstance(found, dict) else {}
