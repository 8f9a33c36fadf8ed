"""Processes with TF_CONFIG: which of them trains and writes, and that the failure of one ends all.

That two of them make one model, and the same as one, is shown in `test_jobs`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from text_classifier import processes, workfolder
from text_classifier.cluster import Place, configurations
from text_classifier.settings import Network, Training
from text_classifier.steps import learning
from text_classifier_small import NETWORK, SOURCES, TRAINING, Small, job, task

HOW = Training.checked({**TRAINING, "epochs": 2, "batch_size": 100})
PLAIN = Network.checked({**NETWORK, "dropout": 0.0})


@pytest.fixture(autouse=True)
def source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(SOURCES))


def test_the_failure_of_one_process_is_that_of_the_step(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKDIR", str(tmp_path / "work"))
    broken = small.embeddings.parent / "broken"
    broken.mkdir()
    np.save(broken / "embeddings.npy", np.zeros((3, 4)))
    wrong = task(Small(small.data, broken, small.used, small.embedded))
    with pytest.raises(StepError, match=r"of the distributed training ended with status 1: .*is not a row for each"):
        learning.train_distributed(wrong, job(), {}, "claim", tmp_path / "model")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_training_beyond_its_deadline_is_ended(small: Small, tmp_path: Path) -> None:
    workfolder.write(small.data, small.embeddings, PLAIN, HOW, tmp_path / "late")
    with pytest.raises(StepError, match=r"has not ended within its deadline of 0.3 s"):
        processes.run(tmp_path / "late", {"Chief": 1}, 0.3, print)


def test_a_work_folder_is_used_once(small: Small, tmp_path: Path) -> None:
    workfolder.write(small.data, small.embeddings, PLAIN, HOW, tmp_path / "work")
    with pytest.raises(StepError, match="is there already"):
        workfolder.write(small.data, small.embeddings, PLAIN, HOW, tmp_path / "work")
    with pytest.raises(StepError, match="none has written"):
        workfolder.result(tmp_path / "work")


def test_the_step_asks_for_its_work_folder(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKDIR", raising=False)
    with pytest.raises(StepError, match="WORKDIR is not set"):
        learning.train_distributed(task(small), job(), {}, "claim", tmp_path / "model")


@pytest.mark.parametrize(
    ("kind", "index", "trains", "writes", "rank"),
    [
        ("chief", 0, True, True, 0),
        ("worker", 0, True, False, 1),
        ("worker", 1, True, False, 2),
        ("ps", 0, False, False, 0),
        ("evaluator", 0, False, False, 0),
    ],
)
def test_one_process_of_a_cluster_writes(
    kind: str, index: int, trains: bool, writes: bool, rank: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = {"chief": ["a"], "worker": ["b", "c"], "ps": ["d"], "evaluator": ["e"]}
    monkeypatch.setenv("TF_CONFIG", dict(configurations(hosts))[f"{kind} {index}"])
    place = Place.from_variable()
    assert (place.trains, place.writes, place.rank, place.size) == (trains, writes, rank, 3)


@pytest.mark.parametrize("text", ["", "{", "{}", json.dumps({"cluster": {}, "task": 3})])
def test_a_variable_that_says_nothing_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(StepError, match="does not say which process this is"):
        Place.from_variable()
