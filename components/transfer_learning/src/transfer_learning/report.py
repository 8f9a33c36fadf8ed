"""What a person reads at the end: a page with plots, and a summary short enough for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graft_steps import reports

from transfer_learning.evaluation import BETTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graft_steps.gate import Decision

    from transfer_learning.evaluation import Evaluation

HEADING = ("draw", "n", "transfer", "scratch", "difference")


def comparison_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """Transfer against scratch in the columns of `HEADING`: a row a draw, and one for all."""
    rows = [(str(number), draw.transfer, draw.scratch, draw.paired) for number, draw in enumerate(evaluation.draws, 1)]
    rows.append(("all", evaluation.transfer, evaluation.scratch, evaluation.pooled))
    return [
        (name, str(pair.n), f"{transfer.value:.2f}", f"{scratch.value:.2f}", f"{pair.difference:+.2f}")
        for name, transfer, scratch, pair in rows
    ]


def verdict(evaluation: Evaluation) -> str:
    """Transfer against scratch in words, with the interval over items and that over draws."""
    pooled, across = evaluation.pooled, evaluation.across_draws
    low, high = pooled.interval()
    p = pooled.p_value()
    text = (
        f"{evaluation.verdict}: {pooled.difference:+.2f} on the same {pooled.n} test items, 95 % interval "
        f"{low:+.2f} to {high:+.2f}, McNemar p {'< 0.001' if p < 0.001 else f'= {p:.3f}'}"
    )
    if across:
        text += f"; with draws instead of items as what varies, {across[0]:+.2f} to {across[1]:+.2f}"
    return text


def page(evaluation: Evaluation, plots: Mapping[str, Path]) -> str:
    """One HTML page that needs no other file."""
    body = (
        reports.paragraph(f"Accuracy {evaluation.accuracy}; always the same class: {evaluation.majority:.2f}."),
        reports.paragraph(f"{verdict(evaluation)}. {evaluation.used.get('data_note', '')}"),
        reports.paragraph(f"{reports.REPEATABLE}."),
        reports.table(HEADING, comparison_rows(evaluation)),
        *reports.figures(plots),
        *reports.used(evaluation.used),
    )
    return reports.page(f"Transfer learning on {evaluation.used['data']}: {evaluation.used['variant']}", body)


def summary(evaluation: Evaluation, decision: Decision, places: Mapping[str, str]) -> str:
    """Markdown for the end of a run; `places` says where things were put."""
    used = evaluation.used
    blocks = (
        f"**Accuracy {evaluation.accuracy}** on held-out items; always the same class: {evaluation.majority:.2f}.\n"
        f"Variant picked by validation accuracy ({evaluation.validation_accuracy:.2f}): {used['variant']}",
        _searched(evaluation.rounds),
        reports.markdown_table(HEADING, comparison_rows(evaluation)),
        f"{verdict(evaluation)}.",
        used.get("data_note", ""),
        f"Decision: {decision.reason}.",
        f"{reports.REPEATABLE}.",
        reports.places(places),
        f"What to try next: {next_step(evaluation)}.",
    )
    accepted = "accepted" if decision.accepted else "not accepted"
    return reports.markdown(f"Transfer learning on {used['data']}: {accepted}", blocks)


def _searched(rounds: Sequence[float]) -> str:
    """How the search went, where it took more than one round."""
    if len(rounds) < 2:
        return ""
    after = ", ".join(f"{best:.2f}" for best in rounds)
    return f"Best validation accuracy after each of {len(rounds)} rounds: {after}."


def next_step(evaluation: Evaluation) -> str:
    """A suggestion that follows from what was found."""
    if evaluation.used["data"] == "digits":
        return "`examples_per_class=1`, where a pretrained backbone should matter most, or `data=speakers`"
    if evaluation.verdict == BETTER:
        return "another stack in `variants`, or `data=digits`, where transfer has less to offer"
    return "more `epochs`, more `pretrain_epochs`, or another stack in `variants`"
