"""What a person reads at the end of a run: an HTML page that needs no other file, and Markdown for a terminal."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2330}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:right}"
    "td:first-child,th:first-child{text-align:left}img{max-width:100%}figure{margin:2rem 0}"
)
REPEATABLE = (
    "The same seed gives the same figures in every repetition on the same kind of processor; "
    "on another kind every figure is a little different"
)


def page(title: str, body: Iterable[str]) -> str:
    """One HTML page; `body` is HTML already, made by the functions below."""
    named = escape(title)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{named}</title><style>{STYLE}</style>'
    return head + "\n".join([f"<h1>{named}</h1>", *body]) + "</html>\n"


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{escape(text)}</p>"


def figures(plots: Mapping[str, Path]) -> list[str]:
    """PNG files inside the page, each below its title."""
    return [_figure(escape(title), file) for title, file in plots.items()]


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain texts."""
    return f"<table>{_row('th', heading)}{''.join(_row('td', row) for row in rows)}</table>"


def used(facts: Mapping[str, object]) -> list[str]:
    """The section that says what was used, a row a fact."""
    return [
        "<h2>What was used</h2>",
        table(("parameter", "value"), [(name, str(value)) for name, value in facts.items()]),
    ]


def markdown(title: str, blocks: Iterable[str]) -> str:
    """Markdown of a title and blocks; empty ones are left out."""
    return "\n\n".join(line for line in (f"# {title}", *blocks) if line) + "\n"


def markdown_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of which the first column is text and the others numbers."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, ("---", *["---:"] * (len(heading) - 1)), *rows))


def places(found: Mapping[str, str]) -> str:
    """Where things were put, a line each."""
    return "\n".join(f"- {name}: `{place}`" for name, place in found.items())


def _figure(title: str, file: Path) -> str:
    encoded = base64.b64encode(file.read_bytes()).decode()
    return f'<figure><h2>{title}</h2><img alt="{title}" src="data:image/png;base64,{encoded}"></figure>'


def _row(cell: str, values: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{cell}>{escape(value)}</{cell}>" for value in values) + "</tr>"
