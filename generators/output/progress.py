"""A run's progress and outcome in a terminal or a log: one line an event, then what the run wrote for people."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape

_MARKS = {
    "started": "[cyan]start[/]",
    "succeeded": "[green]done[/] ",
    "skipped": "[dim]skip[/] ",
    "retried": "[yellow]retry[/]",
    "failed": "[red]fail[/] ",
    "ended": "[red]end[/]  ",
}


class Progress:
    """Prints events as they come, with the seconds since the run began."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()
        self._echoing: set[str] = set()  # steps whose executor is printing its input back

    def show(self, kind: str, path: str, seconds: float, text: str) -> None:
        """Print one event; a step's own output is indented under its path."""
        clock = f"{time.monotonic() - self._began:6.1f}s"
        if kind == "output" and self._is_executors(path, text):
            return
        if kind == "output":
            self._line(f"{clock}        [dim]{escape(path)}[/]  {escape(text)}")
        elif kind in _MARKS:
            took = f" [dim]{seconds:.1f} s[/]" if kind == "succeeded" else ""
            why = f"  {escape(text)}" if text else ""
            self._line(f"{clock}  {_MARKS[kind]} {escape(path)}{took}{why}")

    def _line(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)

    def _is_executors(self, path: str, text: str) -> bool:
        """Whether a line is KFP's executor talking about itself: it stays in the step's log and is not shown."""
        if text.startswith("[KFP Executor"):
            if text.endswith("Got executor_input:"):
                self._echoing.add(path)
            return True
        if path not in self._echoing:
            return False
        if text == "}":
            self._echoing.discard(path)
        return True


def show_outcome(
    console: Console,
    markdown: Iterable[str],
    clusters: Iterable[str],
    places: Mapping[str, str],
    next_steps: Mapping[str, str],
) -> None:
    """Print what the steps wrote for people, what is rendered for which cluster, where everything is, what to do."""
    for text in markdown:
        console.print()
        console.print(Markdown(text))
    console.print("\n[bold]Rendered for[/]")
    for line in clusters:
        console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)
    _print_table(console, "Where it is", places)
    _print_table(console, "What to try next", next_steps)


def _print_table(console: Console, title: str, rows: Mapping[str, str]) -> None:
    console.print(f"\n[bold]{title}[/]")
    width = max(map(len, rows))
    for name, text in rows.items():
        console.print(f"  {escape(f'{name:<{width}}')}  {escape(text)}", highlight=False, soft_wrap=True)
