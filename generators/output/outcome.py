"""What a run came to, for people: what its steps wrote, its metrics and outputs, and where to look further."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape

from generators.output.plain import plain, printable

_WIDEST = 100  # characters of one value


def show_outcome(
    console: Console,
    markdown: Iterable[str],
    tables: Mapping[str, Mapping[str, Any]],
    clusters: Iterable[str],
    places: Mapping[str, str],
    next_steps: Mapping[str, str],
) -> None:
    """Print what the steps wrote for people, the tables what is rendered, where it is, and what next."""
    for text in markdown:
        console.print()
        console.print(Markdown("\n".join(map(plain, text.splitlines()))))
    for title, rows in tables.items():
        _print_table(console, title, {name: _shown(value) for name, value in rows.items()})
    if lines := list(clusters):
        console.print("\n[bold]Rendered for[/]")
    for line in lines:
        console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)
    _print_table(console, "Where it is", places)
    _print_table(console, "What to try next", next_steps)


def _print_table(console: Console, title: str, rows: Mapping[str, str]) -> None:
    if not rows:
        return
    console.print(f"\n[bold]{title}[/]")
    width = max(map(len, rows))
    for name, text in rows.items():
        console.print(f"  {escape(f'{name:<{width}}')}  {escape(text)}", highlight=False, soft_wrap=True)


def _shown(value: Any) -> str:
    """A value on one line, cut where it is long; the run's own file has it whole."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = printable(" ".join(text.split()))
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."
