"""What a person reads at the end: pages with pictures, and summaries short enough for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import reports
from graft_steps.estimate import short
from graft_steps.statistics import Proportion

from text_classifier.evaluation import estimate
from text_classifier.plots import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graft_steps.gate import Decision

    from text_classifier.features import Distance

TITLE = "Text classifier"


def verdict(results: dict[str, Any]) -> str:
    """The main number in one sentence."""
    return f"Accuracy {estimate(results)} on the test texts; always the same class: {short(results['majority'])}"


def page(results: dict[str, Any], pictures: Mapping[str, Path]) -> str:
    """The page of an evaluation; it needs no other file."""
    body = (
        reports.paragraph(f"{verdict(results)}."),
        reports.paragraph(f"{reports.REPEATABLE}. Intervals are of 95 %."),
        reports.table(("class", "accuracy"), _by_class(results)),
        *reports.figures(pictures),
        "<h2>Texts that were answered wrongly</h2>",
        reports.table(("text", "truth", "answer"), results["wrong"]),
        *reports.used(results["used"]),
    )
    return reports.page(TITLE, body)


def summary(results: dict[str, Any], decision: Decision, places: Mapping[str, str]) -> str:
    """Markdown for the end of a run; `places` says where things were put."""
    blocks = (
        f"**{verdict(results)}.**",
        reports.markdown_table(("class", "accuracy"), _by_class(results)),
        f"Decision: {decision.reason}.",
        f"{reports.REPEATABLE}.",
        reports.places(places),
    )
    return reports.markdown(f"{TITLE}: {'accepted' if decision.accepted else 'not accepted'}", blocks)


def features_page(
    found: Mapping[str, Sequence[Distance]],
    notes: Sequence[str],
    suspects: Sequence[tuple[str, ...]],
    pictures: Mapping[str, Path],
) -> str:
    """The page of the checks before training."""
    rows = [
        (comparison, each.feature, f"{each.distance:.3f}", each.value, f"{each.before:.3f}", f"{each.now:.3f}")
        for comparison, distances in found.items()
        for each in distances
    ]
    body = (
        *map(reports.paragraph, notes),
        reports.table(("comparison", "feature", "distance", "at", "before", "now"), rows),
        *reports.figures(pictures),
        "<h2>Labels that the other texts speak against</h2>",
        reports.table(("text", "label", "the others say"), suspects),
    )
    return reports.page(f"{TITLE}: what is learnt from", body)


def trials_page(results: Sequence[dict[str, Any]], best: int, pictures: Mapping[str, Path]) -> str:
    """The page of a search."""
    rows = [
        (named(result["network"]), f"{result['validation_loss']:.4f}", f"{result['validation_accuracy']:.3f}")
        for result in results
    ]
    body = (
        reports.paragraph(f"Picked by the loss on the validation part: {named(results[best]['network'])}."),
        reports.table(("network", "validation loss", "validation accuracy"), rows),
        *reports.figures(pictures),
    )
    return reports.page(f"{TITLE}: search", body)


def _by_class(results: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(Proportion(*of).estimate())) for name, of in results["by_class"].items() if of[1]]
