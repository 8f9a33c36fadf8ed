"""The pictures of a run: predictions against the truth, learning curves, measures with intervals, a cleaned series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import plots
from matplotlib.figure import Figure

from sequence_training.evaluation import estimate

if TYPE_CHECKING:
    from pathlib import Path

    from sequence_training.cleaning import Cleaned

SHOWN = 80  # rows, so that single swings can be seen
NAMES = {"model": "this model", "base": "the stored model", "persistence": "next equals last"}


def draw_all(results: dict[str, Any], folder: Path) -> dict[str, Path]:
    """Draw every picture of an evaluation into `folder`; return title and file of each, in their order."""
    rows = {NAMES[who]: estimate(results, who) for who in NAMES if who in results["estimates"]}
    figures = {
        "Prediction against truth, on the held-out future": ("predictions.png", predictions(results)),
        "Learning curve": ("curves.png", plots.curves(results["curves"], "mean squared error of z-scores")),
        "R2 on the held-out future": ("r2.png", plots.intervals(rows, "R2")),
        "Every prediction": ("scatter.png", scatter(results)),
    }
    return plots.save(figures, folder)


def predictions(results: dict[str, Any]) -> Figure:
    """Truth and answers of the first test rows, a panel a channel, in the data's own units."""
    truth, answers, times = (np.array(results[name])[:SHOWN] for name in ("truth", "answers", "times"))
    figure = Figure(figsize=(8, 6), layout="constrained")
    for axes, name, true, said in zip(_stacked(figure, 3), results["channels"], truth.T, answers.T, strict=True):
        axes.plot(times, true, color=plots.GREY, linewidth=1.5, label="truth")
        axes.plot(times, said, color=plots.FIRST, linewidth=1.5, label="predicted one row ahead")
        axes.set_ylabel(name)
    figure.axes[-1].set_xlabel("time in seconds")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
    return figure


def scatter(results: dict[str, Any]) -> Figure:
    """Every answer over its truth, a panel a channel; the diagonal is where an answer is right."""
    truth, answers = np.array(results["truth"]), np.array(results["answers"])
    figure = Figure(figsize=(9, 3.3), layout="constrained")
    for axes, name, true, said in zip(figure.subplots(1, 3), results["channels"], truth.T, answers.T, strict=True):
        ends = [min(true.min(), said.min()), max(true.max(), said.max())]
        axes.plot(ends, ends, color=plots.GREY, linewidth=1)
        axes.plot(true, said, ".", color=plots.FIRST, markersize=2.5, alpha=0.6)
        axes.set(title=name, xlabel="truth", ylabel="predicted")
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def cleaned(found: Cleaned, folder: Path) -> dict[str, Path]:
    """The series around its first filled cell, filled ones marked."""
    series, figure = found.series, Figure(figsize=(8, 6), layout="constrained")
    first = int(found.made_up.any(axis=1).argmax())
    shown = slice(max(0, first - SHOWN // 4), first + 2 * SHOWN)
    for place, (axes, name) in enumerate(zip(_stacked(figure, 3), series.channels, strict=True)):
        times, values, made_up = (each[shown] for each in (series.times, series.values[:, place], found.made_up))
        filled = made_up[:, place]
        axes.plot(times, values, color=plots.FIRST, linewidth=1.5, label="series")
        axes.plot(times[filled], values[filled], "o", color=plots.SECOND, markersize=6, label="filled")
        axes.set_ylabel(name)
    figure.axes[-1].set_xlabel("time in seconds")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2, frameon=False)
    return plots.save({"The cleaned series, where cells were filled": ("cleaned.png", figure)}, folder)


def _stacked(figure: Figure, count: int) -> list[Any]:
    panels = list(figure.subplots(count, 1, sharex=True))
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.2)
    return panels
