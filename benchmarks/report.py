"""The form that every benchmark reports in: a claim, and a table of what was measured beside a peer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measure import Cost

YARDSTICK = "`import kfp`"
IDLE_IMPORT = 0.65  # seconds that the yardstick takes on the idle machine that the budgets were set on
COLUMNS = ("what", "measured", "peer", "ratio", "budget", "met")


@dataclass(frozen=True)
class Row:
    """One line of a table; `ratio` is of what was measured to its peer, and `met` None where there is no budget."""

    what: str
    measured: str
    peer: str
    ratio: str
    budget: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        met = {True: "yes", False: "**no**", None: "-"}[self.met]
        return (self.what, self.measured, self.peer, self.ratio, self.budget or "-", met)


def against_yardstick(what: str, cost: Cost, yardstick: Cost, budget: float | None = None) -> Row:
    """A wall time beside the yardstick's; `budget` is in seconds of the idle machine, so here it is a ratio too."""
    ratio, peer = cost.wall / yardstick.wall, f"{YARDSTICK}: {seconds(yardstick)}"
    if budget is None:
        return Row(what, seconds(cost), peer, times(cost, yardstick))
    allowed = budget / IDLE_IMPORT
    return Row(
        what, seconds(cost), peer, times(cost, yardstick), f"{budget:g} s idle = {allowed:.2f} x", ratio <= allowed
    )


def compared(what: str, cost: Cost, peer: str, peer_cost: Cost) -> Row:
    """Two times without a budget."""
    return Row(what, seconds(cost), f"{peer}: {seconds(peer_cost)}", times(cost, peer_cost))


def times(cost: Cost, peer: Cost) -> str:
    """How many times its peer's wall time something takes, and its CPU time, which a busy machine changes less."""
    return f"{cost.wall / peer.wall:.2f} x (CPU {cost.cpu / peer.cpu:.2f} x)"


def seconds(cost: Cost) -> str:
    """A cost in words: `1.20 s, CPU 1.10 s, 120 MB`."""
    return f"{_time(cost.wall)}, CPU {_time(cost.cpu)}" + (f", {megabytes(cost.memory)}" if cost.memory else "")


def megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def section(title: str, docstring: str, rows: Sequence[Row], *notes: str) -> None:
    """Print a benchmark's part of RESULTS.md: its docstring's claim, its table, and what a reader must know."""
    claim = " ".join(docstring.partition("\n\n")[0].split())
    lines = [COLUMNS, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = [_line(cells, widths) for cells in lines]
    table.insert(1, _line(["-" * width for width in widths], widths))
    print("\n\n".join([f"## {title}", claim, "\n".join(table), *notes]), end="\n\n", flush=True)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"


def _time(value: float) -> str:
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1e3:.1f} ms"
