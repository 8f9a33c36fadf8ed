"""The step that prepares the images for the network, and makes other views of those to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import integer
from graft_steps.training import LARGEST_SEED

from data_centric import examples, tfrecords

if TYPE_CHECKING:
    from pathlib import Path

MOST_VIEWS = 20


def preprocess(records: Path, views: int, seed: int, out: Path) -> dict[str, Any]:
    """Write the examples into the folder `out`; return the facts of the data and how they were prepared."""
    many, number = integer("views", views, 0, MOST_VIEWS), integer("seed", seed, 0, LARGEST_SEED)
    made = {}
    for part in examples.LEARNT_FROM:
        _, images, labels = tfrecords.read(records, part)
        made[part] = examples.make(images, labels, many if part == "train" else 0, number)
        say(f"{part}: {len(made[part].labels)} examples of {len(labels)} images")
    known = tfrecords.facts(records)["facts"]
    used = {name: value for name, value in known.items() if name != "fingerprints"}
    used |= {"views": many, "seed": number, "train_examples": len(made["train"].labels)}
    examples.save(made, used, out)
    return used
