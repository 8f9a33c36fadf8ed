"""The six stages of the flow in their order, and the verbs of each."""

from __future__ import annotations

STAGES: dict[str, tuple[str, ...]] = {
    "parameters": ("set", "explain"),
    "overlay": ("promote", "rollback"),
    "pipeline": ("new", "run"),
    "manifest": ("render", "convert", "images", "prune"),
    "validation": ("check", "diff", "verify"),
    "cluster": ("status", "report"),
}


def stage_of(verb: str) -> str:
    """The stage that a verb belongs to, "" where none is said."""
    return next((stage for stage, verbs in STAGES.items() if verb in verbs), "")
