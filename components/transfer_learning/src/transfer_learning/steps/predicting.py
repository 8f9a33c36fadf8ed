"""The step that uses the champion: the class of every image of a batch, by the model that is blessed now."""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import plots, records, registry, reports, say, tensorflow_runtime
from graft_steps.checks import StepError
from graft_steps.run_context import RunContext
from graft_steps.statistics import Proportion
from mlflow import pyfunc

from transfer_learning import sources

if TYPE_CHECKING:
    from pathlib import Path

    from transfer_learning.sources import Batch

FILE = "predictions.csv"
SHOWN = 24  # pictures on the page


@dataclass(frozen=True)
class Answered:
    """Which version of the model answered, and how much of what."""

    version: str
    facts: dict[str, Any]
    metrics: dict[str, float]


def predict(data: str, seed: int, model_name: str, out: Path, page: Path) -> Answered:
    """Write `predictions.csv` (item, class, score) into the folder `out`, and a page that shows some of it."""
    tensorflow_runtime.seed(seed)  # and quiet, whatever the model loads
    batch = sources.batch(data, seed)
    mlflow = records.client(RunContext.from_variables(os.environ))
    champion = registry.champion(mlflow, model_name)
    if champion is None:
        raise StepError(f"model_name: {model_name} has no champion yet; run the pipeline that trains it first")
    with registry.downloaded(champion.uri) as folder:
        rows = _answers(pyfunc.load_model(str(folder)), batch)
    out.mkdir(parents=True, exist_ok=True)
    with (out / FILE).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("item", "class", "score"), *rows])
    answers = [name for _, name, _ in rows]
    known = _accuracy(batch, answers)
    drawn = plots.save({"Items and answers": ("answers.png", plots.pictures(_grid(batch, answers), "magma"))}, out)
    page.write_text(_page(f"{model_name} version {champion.version}", rows, known, drawn))
    say(f"{len(rows)} items, answered by {model_name} version {champion.version}" + (f": {known}" if known else ""))
    facts = {"model": model_name, "version": champion.version, "items": len(rows), "data": batch.name}
    return Answered(champion.version, facts, {"items": len(rows), **(known.estimate().metrics() if known else {})})


def _answers(model: pyfunc.PyFuncModel, batch: Batch) -> list[tuple[str, str, str]]:
    """One row an item; images may be of different sizes, so each is asked for by itself."""
    channels = model.metadata.signature.inputs.inputs[0].shape[-1]
    rows = []
    for name, image in zip(batch.items, batch.images, strict=True):
        if image.shape[-1] != channels:
            raise StepError(f"data: {name} has {image.shape[-1]} channels, and the model takes {channels}")
        answer = model.predict(image[None].astype(np.float32))
        rows.append((name, str(answer["class"][0]), f"{float(np.max(answer['scores'][0])):.4f}"))
    return rows


def _accuracy(batch: Batch, answers: list[str]) -> Proportion | None:
    """How many are right, where the truth is known."""
    if not batch.truth:
        return None
    return Proportion(sum(map(str.__eq__, batch.truth, answers)), len(answers))


def _grid(batch: Batch, answers: list[str]) -> list[list[tuple[np.ndarray, str, str]]]:
    step = max(1, len(answers) // SHOWN)
    chosen = list(range(0, len(answers), step))[:SHOWN]
    cells = [(batch.images[i], answers[i], "black") for i in chosen]
    return [cells[start : start + 6] for start in range(0, len(cells), 6)]


def _page(title: str, rows: list[tuple[str, str, str]], known: Proportion | None, drawn: dict[str, Path]) -> str:
    counts = Counter(name for _, name, _ in rows)
    truth = f"their classes are known: accuracy {known}" if known else "their classes are not known"
    body = (
        reports.paragraph(f"{len(rows)} items; {truth}."),
        reports.table(("class", "items"), [(name, str(count)) for name, count in counts.most_common()]),
        *reports.figures(drawn),
    )
    return reports.page(f"Answers of {title}", body)
