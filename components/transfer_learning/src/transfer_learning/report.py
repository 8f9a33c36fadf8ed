"""What a person reads at the end: a page with plots, and a summary short enough for a terminal."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from transfer_learning.evaluation import BETTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from transfer_learning.evaluation import Evaluation
    from transfer_learning.gate import Decision

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2330}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:right}"
    "td:first-child,th:first-child{text-align:left}img{max-width:100%}figure{margin:2rem 0}"
)
REPEATABLE = (
    "The same seed gives the same figures in every repetition on the same kind of processor; "
    "on another kind every figure is a little different"
)
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
    title = escape(f"Transfer learning on {evaluation.used['data']}: {evaluation.used['variant']}")
    note = evaluation.used.get("data_note", "")
    body = (
        f"<h1>{title}</h1>",
        f"<p>Accuracy {evaluation.accuracy}; always the same class: {evaluation.majority:.2f}.</p>",
        f"<p>{escape(verdict(evaluation))}. {escape(note)}</p>",
        f"<p>{REPEATABLE}.</p>",
        _table(HEADING, comparison_rows(evaluation)),
        *(_figure(name, file) for name, file in plots.items()),
        "<h2>What was used</h2>",
        _table(("parameter", "value"), [(name, str(value)) for name, value in evaluation.used.items()]),
    )
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return head + "\n".join(body) + "</html>\n"


def summary(evaluation: Evaluation, decision: Decision, places: Mapping[str, str]) -> str:
    """Markdown for the end of a run; `places` says where things were put."""
    used = evaluation.used
    table = "\n".join(_markdown_row(row) for row in (HEADING, ("---", *["---:"] * 4), *comparison_rows(evaluation)))
    lines = [
        f"# Transfer learning on {used['data']}: {'accepted' if decision.accepted else 'not accepted'}",
        f"**Accuracy {evaluation.accuracy}** on held-out items; always the same class: {evaluation.majority:.2f}.\n"
        f"Variant picked by validation accuracy ({evaluation.validation_accuracy:.2f}): {used['variant']}",
        table,
        f"{verdict(evaluation)}.",
        used.get("data_note", ""),
        f"Decision: {decision.reason}.",
        f"{REPEATABLE}.",
        "\n".join(f"- {name}: `{place}`" for name, place in places.items()),
        f"What to try next: {next_step(evaluation)}.",
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def next_step(evaluation: Evaluation) -> str:
    """A suggestion that follows from what was found."""
    if evaluation.used["data"] == "digits":
        return "`examples_per_class=1`, where a pretrained backbone should matter most, or `data=speakers`"
    if evaluation.verdict == BETTER:
        return "another stack in `variants`, or `data=digits`, where transfer has less to offer"
    return "more `epochs`, more `pretrain_epochs`, or another stack in `variants`"


def _figure(name: str, file: Path) -> str:
    encoded = base64.b64encode(file.read_bytes()).decode()
    title = escape(name)
    return f'<figure><h2>{title}</h2><img alt="{title}" src="data:image/png;base64,{encoded}"></figure>'


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return f"<table>{_row('th', heading)}{''.join(_row('td', row) for row in rows)}</table>"


def _row(cell: str, values: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{cell}>{escape(value)}</{cell}>" for value in values) + "</tr>"


def _markdown_row(values: Sequence[str]) -> str:
    return f"| {' | '.join(values)} |"
