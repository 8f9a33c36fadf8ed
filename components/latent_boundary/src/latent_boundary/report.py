"""What a person reads at the end: a page with pictures, and a summary short enough for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps import reports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graft_steps.gate import Decision

    from latent_boundary.evaluation import Evaluation

HEADING = ("attribute", "cosine", "validation", "rest", "edit", "spill", "before")
EXPLAINED = (
    "Cosine is that with the planted direction; validation and rest are accuracies on held-out pictures; edit is how "
    "much the attribute's own score rises from distance -3 to 3, and spill how much the score of any other attribute "
    "changes meanwhile, before that without conditional projection"
)


def rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """A row an attribute, in the columns of `HEADING`."""
    found = []
    for row, each in enumerate(evaluation.boundaries):
        before, after = evaluation.changes.spill(row)
        measured = (each.cosine, each.validation, each.rest)
        values = [f"{estimate.value:.2f}" if estimate else "-" for estimate in measured]
        found.append((each.attribute, *values, f"{evaluation.changes.own(row):+.2f}", f"{after:.2f}", f"{before:.2f}"))
    return found


def judged(evaluation: Evaluation) -> str:
    """What the gate judges, in words."""
    name = evaluation.estimate.name.replace("_", " ").capitalize()
    return f"{name} {evaluation.estimate}, that of {evaluation.worst}"


def page(evaluation: Evaluation, plots: Mapping[str, Path]) -> str:
    """One HTML page that needs no other file."""
    body = (
        reports.paragraph(f"{judged(evaluation)}."),
        reports.table(HEADING, rows(evaluation)),
        reports.paragraph(f"{EXPLAINED}. {reports.REPEATABLE}."),
        *reports.figures(plots),
        *reports.used(evaluation.used),
    )
    return reports.page(f"Latent boundaries of {', '.join(evaluation.attributes)}", body)


def summary(evaluation: Evaluation, decision: Decision, places: Mapping[str, str]) -> str:
    """Markdown for the end of a run; `places` says where things were put."""
    blocks = (
        f"**{judged(evaluation)}**; {evaluation.used['images']} pictures of {evaluation.used['generator']}.",
        reports.markdown_table(HEADING, rows(evaluation)),
        f"{EXPLAINED}.",
        f"Decision: {decision.reason}.",
        f"{reports.REPEATABLE}.",
        reports.places(places),
        f"What to try next: {next_step(evaluation)}.",
    )
    accepted = "accepted" if decision.accepted else "not accepted"
    return reports.markdown(f"Latent boundaries of {', '.join(evaluation.attributes)}: {accepted}", blocks)


def next_step(evaluation: Evaluation) -> str:
    """A suggestion that follows from what was found."""
    if evaluation.estimate.value < 0.9:
        return f"more `images`, or a larger `chosen`, for a better boundary of {evaluation.worst}"
    return "another list of `attributes`, or fewer `images`, to see how many a boundary needs"
