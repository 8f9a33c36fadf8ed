"""The step that looks: pictures of edits along every direction, what the classifier sees in them, and the report."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from graft_steps import plots as shared_plots
from graft_steps import say

from latent_boundary import classifiers, dataset, edits, evaluation, generators, model, plots, report, settings

if TYPE_CHECKING:
    from pathlib import Path

    from latent_boundary.dataset import Dataset
    from latent_boundary.edits import Changes
    from latent_boundary.model import Directions


@dataclass(frozen=True)
class Look:
    """What makes the pictures, and what reads them."""

    generator: str
    classifier: str
    image_size: int


def preview(data: Path, found: Path, directions: Path, look: Look, out: Path, page: Path) -> dict[str, float]:
    """Draw a grid of edits for each attribute into the folder `out`, write the report, return all metrics."""
    loaded, known = dataset.load(data), model.load(directions)
    grids, changes = _seen(loaded, known, look)
    shutil.copytree(found, out)
    evaluation.complete(out, changes, asdict(look))
    evaluated = evaluation.read(out)
    figures = {
        **{f"Edits along {name}": (f"edits-{name}.png", plots.preview(grid)) for name, grid in grids.items()},
        "What was measured of every boundary": ("measured.png", plots.measured(evaluated.boundaries)),
        "What an edit changes of every score": ("changes.png", plots.changed(changes, evaluated.attributes)),
    }
    drawn = shared_plots.save(figures, out / "plots")
    page.write_text(report.page(evaluated, drawn))
    shutil.copyfile(page, out / "report.html")
    for row, name in enumerate(evaluated.attributes):
        before, after = changes.spill(row)
        say(f"{name}: an edit changes its score by {changes.own(row):+.2f}, others by {after:.2f}, before {before:.2f}")
    return {**evaluated.estimate.metrics(), **evaluated.change_metrics()}


def _seen(data: Dataset, known: Directions, look: Look) -> tuple[dict[str, list[list]], Changes]:
    size = settings.image_size(look.image_size)
    with (
        generators.opened(look.generator, size) as generator,
        classifiers.opened(look.classifier, size, known.attributes) as classifier,
    ):
        shown = data.latents[: edits.SHOWN]
        grids = {
            name: edits.grid(generator, shown, direction)
            for name, direction in zip(known.attributes, known.conditional, strict=True)
        }
        return grids, edits.changes(generator, classifier, data.latents[: edits.READ], known)
