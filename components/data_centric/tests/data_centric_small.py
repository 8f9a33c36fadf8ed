"""A run small enough for tests, and where the steps wrote what they made of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from data_centric import dataset

EPOCHS, VIEWS, SEED = 6, 4, 11
BATCH_SIZE = 4  # so few images make steps enough for the means of the batch normalisations


@dataclass(frozen=True)
class Trained:
    """The folders that the steps wrote, and what was used."""

    data: Path
    records: Path
    examples: Path
    model: Path
    evaluation: Path
    errors: Path
    page: Path
    used: dict[str, Any]


def part_of(version: Path, folder: Path, train: int, validation: int, test: int) -> Path:
    """The first so many images a class of each part of a version."""
    wanted, kept = {"train": train, "validation": validation, "test": test}, []
    (folder / dataset.IMAGES).mkdir(parents=True)
    for row in sorted(dataset.read(version)):
        if sum((row.part, row.label) == (each.part, each.label) for each in kept) < wanted[row.part]:
            shutil.copyfile(dataset.path(version, row.image), dataset.path(folder, row.image))
            kept.append(row)
    dataset.write(kept, folder)
    return folder


def run(data: Path, root: Path) -> Trained:
    """All steps from the records to the evaluation, as a pipeline calls them."""
    from data_centric import network
    from data_centric.steps import fetching, judging, learning, preparing, recording

    names = ("records", "examples", "model", "evaluation", "errors", "page.html")
    made = Trained(data, *(root / name for name in names), {})
    facts = fetching.facts("small", "v2", "0" * 40, data)
    recording.write_records(data, facts, made.records)
    preparing.preprocess(made.records, VIEWS, SEED, made.examples)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "BATCH_SIZE", BATCH_SIZE)
        made.used.update(learning.train(made.records, made.examples, EPOCHS, made.model))
    judging.evaluate(made.records, made.model, made.evaluation, made.errors, made.page)
    return made
