"""The pictures of a run: confusion matrix, learning curves, accuracy of each class, features, trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import plots
from graft_steps.statistics import Proportion

from text_classifier.evaluation import estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure


def evaluation(results: dict[str, Any], folder: Path) -> dict[str, Path]:
    """Draw every picture of an evaluation into `folder`; return title and file of each, in their order."""
    rows = {"all": estimate(results)} | {name: Proportion(*of) for name, of in results["by_class"].items() if of[1]}
    baseline = ("always the most frequent class", results["majority"])
    figures = {
        "Answers on the test texts": (
            "confusion.png",
            plots.confusion_matrix(results["confusion"], results["classes"]),
        ),
        "Learning curve": ("curves.png", plots.curves(results["curves"], "cross-entropy and L2")),
        "Accuracy, of all and of each class": ("accuracy.png", plots.intervals(rows, "accuracy", baseline)),
    }
    return plots.save(figures, folder)


def features(
    found: Mapping[str, Sequence[tuple[str, float]]], limits: Mapping[str, float], folder: Path
) -> dict[str, Path]:
    """A bar for each feature's distance: `found` maps a comparison to (feature, distance), `limits` to its limit."""
    names = [name for name, _ in next(iter(found.values()))]
    figure, axes = plots.axes_of(7, 1.5 + 0.5 * len(names) * len(found))
    height = 0.8 / len(found)
    for place, (comparison, rows) in enumerate(found.items()):
        colour, known = plots.COLOURS[place], dict(rows)
        heights = [at + place * height for at in range(len(names))]
        axes.barh(heights, [known.get(name, 0.0) for name in names], height * 0.9, color=colour, label=comparison)
        if limits[comparison] < 1:
            axes.axvline(limits[comparison], color=colour, linestyle=":", label=f"limit of {comparison}")
    axes.set_yticks([at + height * (len(found) - 1) / 2 for at in range(len(names))], names)
    axes.set(xlabel="greatest difference of two shares", xlim=(0, None), ylim=(len(names) - 0.4, -0.6))
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return plots.save({"How far the texts are apart": ("features.png", figure)}, folder)


def trials(results: Sequence[dict[str, Any]], best: int, folder: Path) -> dict[str, Path]:
    """The validation loss of each trial; the picked one in another colour."""
    return plots.save({"Validation loss of each trial": ("trials.png", _trials(results, best))}, folder)


def _trials(results: Sequence[dict[str, Any]], best: int) -> Figure:
    figure, axes = plots.axes_of(7, 1.2 + 0.5 * len(results))
    colours = [plots.SECOND if at == best else plots.FIRST for at in range(len(results))]
    losses = [result["validation_loss"] for result in results]
    axes.barh(range(len(results)), losses, color=colours)
    for at, loss in enumerate(losses):
        axes.annotate(f"{loss:.3f}", (loss, at), (4, 0), "data", "offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(results)), [named(result["network"]) for result in results])
    axes.set(xlabel="cross-entropy on the validation part", ylim=(len(results) - 0.5, -0.5))
    return figure


def named(network: Mapping[str, Any]) -> str:
    """A network by what a search decides."""
    return f"{network['conv_layers']} layers, {network['filters']} filters, dropout {network['dropout']:g}"
