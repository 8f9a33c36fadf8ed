"""The folder that the processes of a distributed training share: what they are given, and what one of them writes.

data/, embeddings/, settings.json       before they start
network.weights.h5, fitted.json         after; the last is written last, so what it stands for is whole
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError

from text_classifier import dataset
from text_classifier.settings import Network, Training

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from text_classifier.dataset import Data

WEIGHTS, FITTED, SETTINGS = "network.weights.h5", "fitted.json", "settings.json"


@dataclass(frozen=True)
class Work:
    """What is to be fitted, and on what."""

    data: Data
    embeddings: np.ndarray
    network: Network
    training: Training


def write(data: Path, embeddings: Path, network: Network, training: Training, folder: Path) -> None:
    """Put everything that a process needs into the folder, which must be new."""
    if folder.exists():
        raise StepError(f"{folder} is there already: another training has it, or has left it; remove it, and run again")
    shutil.copytree(data, folder / "data")
    shutil.copytree(embeddings, folder / "embeddings")
    (folder / SETTINGS).write_text(json.dumps({"network": network.facts(), "training": training.facts()}))


def read(folder: Path) -> Work:
    """What stands in the folder."""
    from text_classifier import embeddings  # gensim takes a second

    settings = json.loads((folder / SETTINGS).read_text())
    data, _ = dataset.read(folder / "data")
    rows = embeddings.matrix(folder / "embeddings", data.tokenizer)
    return Work(data, rows, Network.checked(settings["network"]), Training.checked(settings["training"]))


def write_result(made: Any, fitted: Any, replicas: int, folder: Path) -> None:
    """Write the weights of the network, then what became of each epoch and by how many copies."""
    made.save_weights(str(folder / WEIGHTS))
    partial = folder / f".{FITTED}"
    partial.write_text(json.dumps({**asdict(fitted), "replicas": replicas}))
    partial.replace(folder / FITTED)


def result(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The file of the weights, and what became of each epoch; StepError where no process has written it."""
    if not (folder / FITTED).is_file():
        raise StepError(f"the processes have ended, and none has written {folder / FITTED}: look at the master's log")
    return folder / WEIGHTS, json.loads((folder / FITTED).read_text())


def wait(folder: Path, pause: float = 2.0) -> None:
    """Return once the result is there; whoever started the process ends it where that never happens."""
    while not (folder / FITTED).is_file():
        time.sleep(pause)
