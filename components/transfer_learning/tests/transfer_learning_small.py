"""An experiment small enough for tests: a few voices, and where the steps wrote what they made of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from transfer_learning import voices
from transfer_learning.dataset import Data, Draw
from transfer_learning.items import Items

HEAD = [{"units": 16.0, "activation": "relu", "dropout": 0.1}]  # 16.0: KFP hands integers in lists over as doubles


def said(people: list[voices.Voice], count: int, part: str, seed: int) -> Items:
    """`count` utterances of each of `people`."""
    rng = np.random.default_rng(seed)
    images = tuple(image for person in people for image in voices.utterances(person, count, rng))
    recordings = tuple(f"{person.name}/{part}-{number}" for person in people for number in range(count))
    return Items(images, np.repeat(np.arange(len(people)), count), recordings, tuple(person.name for person in people))


def small_data() -> Data:
    """Four voices to pretrain on, and two draws of three others."""
    rng = np.random.default_rng(3)
    source = said([voices.voice(rng) for _ in range(4)], 16, "source", 4)
    draws = []
    for number in range(2):
        people = [voices.voice(rng) for _ in range(3)]
        parts = (("train", 2), ("validation", 4), ("test", 10))
        draws.append(Draw(*(said(people, count, part, 10 * number + i) for i, (part, count) in enumerate(parts))))
    return Data("voices", source, tuple(draws), voices.FLOOR_DB, voices.CEILING_DB, "utterance")


@dataclass(frozen=True)
class Trained:
    """The folders that the steps wrote, one after the other, and what training said it used."""

    data: Path
    backbone: Path
    model: Path
    results: Path
    evaluation: Path
    page: Path
    used: dict[str, Any]
