"""The champion answers a batch: the right version, every item, and the truth where it is known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from graft_steps import records, registry
from graft_steps.checks import StepError
from graft_steps.run_context import VARIABLES, RunContext
from PIL import Image
from transfer_learning import serving, sources
from transfer_learning.steps import predicting
from transfer_learning_small import Trained

NAME = "answers"


@pytest.fixture(scope="module")
def champion(tmp_path_factory: pytest.TempPathFactory, trained: Trained) -> RunContext:
    root = tmp_path_factory.mktemp("environment")
    places = {"MLFLOW_TRACKING_URI": f"sqlite:///{root}/mlflow.db", "STORAGE_URI": f"{root}/store"}
    context = RunContext.from_variables(dict.fromkeys(VARIABLES, "x") | places)
    mlflow = records.client(context)
    run = records.write(mlflow, context, records.Record({}, {}, {}, {}, {})).info.run_id
    registry.register(mlflow, NAME, context.models(NAME), trained.model, run, {})
    return context


@pytest.fixture(autouse=True)
def environment(champion: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", champion.tracking)
    monkeypatch.setenv("STORAGE_URI", champion.storage)


def test_every_item_gets_the_class_that_the_model_gives_it(tmp_path: Path, trained: Trained) -> None:
    answered = predicting.predict("speakers", 7, NAME, tmp_path / "out", tmp_path / "page.html")

    rows = list(csv.DictReader((tmp_path / "out" / "predictions.csv").open()))
    test = sources.batch("speakers", 7)
    assert [row["item"] for row in rows] == list(test.items)
    assert [row["class"] for row in rows[:3]] == serving.classify(trained.model, test.images[:3])
    assert (answered.version, answered.metrics["items"], answered.metrics["accuracy_n"]) == ("1", 360, 360)
    assert "their classes are known" in (tmp_path / "page.html").read_text()


def test_a_folder_of_images_is_a_batch_whose_classes_nobody_knows(tmp_path: Path) -> None:
    for number, name in enumerate(("b.png", "a/c.jpg")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(np.full((4, 5, 3), number, np.uint8)).save(tmp_path / name)

    batch = sources.batch(str(tmp_path), 7)

    assert (batch.items, batch.truth) == (("a/c.jpg", "b.png"), ())
    assert [image.shape for image in batch.images] == [(4, 5, 3)] * 2


def test_images_of_other_channels_than_the_model_takes_are_refused(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(tmp_path / "a.png")
    with pytest.raises(StepError, match=r"a.png has 3 channels, and the model takes 1"):
        predicting.predict(str(tmp_path), 7, NAME, tmp_path / "out", tmp_path / "page.html")


def test_a_name_without_a_champion_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="model_name: nobody has no champion yet"):
        predicting.predict("speakers", 7, "nobody", tmp_path / "out", tmp_path / "page.html")


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="contains no images"):
        sources.batch(str(tmp_path), 7)
