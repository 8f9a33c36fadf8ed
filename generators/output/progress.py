"""A run's progress in a terminal or a log: one line an event."""

from __future__ import annotations

import time

from rich.console import Console
from rich.markup import escape
from rich.style import Style

from generators.output.plain import LEFT_OUT, plain

_MARKS = {
    "begun": "[bold]run[/]  ",
    "started": "[cyan]start[/]",
    "reused": "[dim]reuse[/]",
    "succeeded": "[green]done[/] ",
    "skipped": "[dim]skip[/] ",
    "retried": "[yellow]retry[/]",
    "failed": "[red]fail[/] ",
    "ended": "[red]end[/]  ",
}
_TRACE = "Traceback (most recent call last):"
_LONGEST_TRACE = 200  # lines that are held back until it is known whether the step has failed of them


class Progress:
    """Prints events as they come, with the seconds since the run began; `failed` are the steps that it has told of."""

    def __init__(self, console: Console) -> None:
        self.failed: set[str] = set()
        self._console = console
        self._began = time.monotonic()
        self._echoing: set[str] = set()  # steps whose executor is printing its input back
        self._names: dict[str, str] = {}  # the path of a step as its lines have it
        self._held: dict[str, list[str]] = {}  # by step: its exception, which is the reason where it fails of it

    def show(self, kind: str, path: str, seconds: float, text: str) -> None:
        """Print one event; a step's own output is indented under its path."""
        if kind == "output":
            if not self._is_executors(path, text) and not self._is_held(path, text):
                self._output(path, text)
        elif kind == "unkept":
            self._line(f"{self._clock()}  [dim]not kept to on this machine: {escape(text)}[/]")
        elif kind == "interrupted":
            self._line(f"{self._clock()}  [yellow]{escape(text)}[/]")
        elif kind in _MARKS:
            self._release(path, shown=kind != "failed")
            took = f" [dim]{seconds:.1f} s[/]" if kind == "succeeded" else ""
            first, *more = map(plain, text.splitlines() or [""])
            self._line(f"{self._clock()}  {_MARKS[kind]} {escape(path)}{took}{f'  {escape(first)}' if first else ''}")
            for line in more:
                self._line(f"{'':15}{escape(line)}")
            if kind == "failed":
                self.failed.add(path)

    def _output(self, path: str, text: str) -> None:
        """A line of a step, past rich: a step may print a hundred thousand of them a second."""
        if path not in self._names:
            terminal = None if self._console.no_color or not self._console.is_terminal else self._console._color_system
            self._names[path] = Style(dim=True).render(plain(path), color_system=terminal)
        self._console.file.write(f"{self._clock()}        {self._names[path]}  {plain(text)}\n")

    def _clock(self) -> str:
        return f"{time.monotonic() - self._began:6.1f}s"

    def _line(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)

    def _is_held(self, path: str, text: str) -> bool:
        """Whether a line belongs to an exception that the step may be about to fail of."""
        if path not in self._held and text.strip() != _TRACE:
            return False
        held = self._held.setdefault(path, [])
        held.append(text)
        if len(held) > _LONGEST_TRACE:
            self._release(path, shown=True)
        return True

    def _release(self, path: str, shown: bool) -> None:
        for text in self._held.pop(path, ()):
            if shown:
                self._output(path, text)

    def _is_executors(self, path: str, text: str) -> bool:
        """Whether a line is KFP's executor talking about itself: it stays in the step's log and is not shown."""
        if text.startswith("[KFP Executor"):
            if text.endswith("Got executor_input:"):
                self._echoing.add(path)
            return True
        if path not in self._echoing:
            return False
        if text == "}" or text.endswith(LEFT_OUT):
            self._echoing.discard(path)
        return True
