"""What a person reads at the end: pages with pictures, and summaries short enough for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import reports
from graft_steps.estimate import short

from sequence_training.evaluation import estimate
from sequence_training.plots import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graft_steps.estimate import Estimate
    from graft_steps.gate import Decision

    from sequence_training.cleaning import Cleaned

HEADING = ("", "R2", "MSE", "MAE")


def rows(results: dict[str, Any], intervals: bool = True) -> list[tuple[str, ...]]:
    """Every answerer's measures in the columns of `HEADING`, errors of z-scores; `intervals` need a wide page."""
    return [
        (NAMES[who], *(_cell(estimate(results, who, measure), intervals) for measure in ("r2", "mse", "mae")))
        for who in NAMES
        if who in results["estimates"]
    ]


def verdict(results: dict[str, Any]) -> str:
    """The main number in one sentence."""
    model, persistence = estimate(results, "model"), estimate(results, "persistence")
    text = f"R2 {model} on the held-out future; {NAMES['persistence']}: {short(persistence.value)}"
    if "base" in results["estimates"]:
        text += f"; the stored model that it started from: {short(estimate(results, 'base').value)}"
    return text


def page(results: dict[str, Any], pictures: Mapping[str, Path]) -> str:
    """The page of an evaluation; it needs no other file."""
    channels = [(name, short(value)) for name, value in results["channel_r2"].items()]
    body = (
        reports.paragraph(f"{verdict(results)}."),
        reports.paragraph(f"{reports.REPEATABLE}. Intervals are of 95 %, by drawing blocks of rows."),
        reports.table(HEADING, rows(results)),
        *reports.figures(pictures),
        "<h2>R2 of each channel</h2>",
        reports.table(("channel", "R2"), channels),
        *reports.used(results["used"]),
    )
    return reports.page(f"Sequence training on {results['used']['dataset_uid']}", body)


def summary(results: dict[str, Any], decision: Decision, places: Mapping[str, str]) -> str:
    """Markdown for the end of a run; `places` says where things were put."""
    blocks = (
        f"**{verdict(results)}.**",
        reports.markdown_table(HEADING, rows(results, intervals=False)),
        f"Decision: {decision.reason}.",
        f"{reports.REPEATABLE}.",
        reports.places(places),
    )
    accepted = "accepted" if decision.accepted else "not accepted"
    return reports.markdown(f"Sequence training on {results['used']['dataset_uid']}: {accepted}", blocks)


def cleaning_page(found: Cleaned, used: Mapping[str, Any], pictures: Mapping[str, Path]) -> str:
    """The page of a cleaned series."""
    body = (
        reports.paragraph(f"{cleaning_verdict(found)}."),
        *reports.figures(pictures),
        *reports.used(used),
    )
    return reports.page(f"Sequence preprocessing of {used['dataset_uid']}", body)


def cleaning_verdict(found: Cleaned) -> str:
    """What was done, in a sentence."""
    share = found.made_up.mean()
    return (
        f"{len(found.series)} rows of {', '.join(found.series.channels)}; {found.repeated_rows} repeated rows dropped, "
        f"{found.spikes} spikes taken out, {int(found.made_up.sum())} cells filled ({share:.1%})"
    )


def _cell(found: Estimate, interval: bool) -> str:
    return f"{found.value:.3f}" + (f" ({found.low:.3f} to {found.high:.3f})" if interval else "")
