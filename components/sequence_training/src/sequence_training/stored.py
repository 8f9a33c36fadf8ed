"""What stands in the object store by uid; a fixture is made and stored where somebody asks for it first.

datasets/fixture-<seed>        the series of `oscillators`, clean
datasets/fixture-raw-<seed>    the same as a logger leaves it, for sequence-preprocessing
models/fixture-<seed>          a network that has learnt from the first for a short time
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graft_steps import say

from sequence_training import oscillators, series

if TYPE_CHECKING:
    from graft_steps.object_store import ObjectStore

FIXTURE = re.compile(r"fixture-(?P<raw>raw-)?(?P<seed>\d{1,9})")
BRIEF = {
    "learning_rate": 0.003, "epochs": 4, "batch_size": 32, "stride": 2, "patience": 4, "validation_share": 0.15,
    "test_share": 0.25,
}  # fmt: skip


def dataset(store: ObjectStore, uid: str, out: Path) -> str:
    """Download a data set and return its digest."""
    if (asked := FIXTURE.fullmatch(str(uid))) and not store.holds("datasets", uid):
        with tempfile.TemporaryDirectory() as folder:
            _make_dataset(int(asked["seed"]), bool(asked["raw"]), Path(folder))
            store.upload(Path(folder), "datasets", uid)
        say(f"the fixture {uid} was not in the store, so it was made and stored")
    return store.download("datasets", uid, out)


def model(store: ObjectStore, uid: str, out: Path) -> str:
    """Download a model and return its digest."""
    if (asked := FIXTURE.fullmatch(str(uid))) and not asked["raw"] and not store.holds("models", uid):
        with tempfile.TemporaryDirectory() as folder:
            _make_model(int(asked["seed"]), Path(folder))
            store.upload(Path(folder) / "model", "models", uid)
        say(f"the fixture {uid} was not in the store, so it was trained for {BRIEF['epochs']} epochs and stored")
    return store.download("models", uid, out)


def _make_dataset(seed: int, raw: bool, folder: Path) -> None:
    if raw:
        oscillators.write_raw(seed, folder)
    else:
        series.write(oscillators.clean(seed), folder)


def _make_model(seed: int, folder: Path) -> None:
    from sequence_training.steps import learning  # TensorFlow takes seconds, and a stored model needs none of it

    _make_dataset(seed, False, folder / "data")
    learning.train(folder / "data", {"dataset_uid": f"fixture-{seed}"}, {**BRIEF, "seed": seed}, folder / "model")
