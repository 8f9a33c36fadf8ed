"""A source task and a target task in several draws, split without leakage: what every step reads.

data.json                                   what it is, the range of its values, how it was split, its digests
source.npz                                  the classes that a backbone is pretrained on
draw-<n>/{train,validation,test}.npz        the target classes; the test part is touched by measuring only
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transfer_learning import items as items_module
from transfer_learning.items import Items, find_leakage, find_problems, raise_problems

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Draw:
    """One draw of the target task: a few items to train on, some to choose by, the rest to measure with."""

    train: Items
    validation: Items
    test: Items

    def parts(self) -> list[tuple[str, Items]]:
        """The three parts with their names."""
        return [(part, getattr(self, part)) for part in PARTS]


@dataclass(frozen=True)
class Data:
    """A named pair of tasks; `low` and `high` bound the raw values; `split_by` and `note` go into the report."""

    name: str
    source: Items
    draws: tuple[Draw, ...]
    low: float
    high: float
    split_by: str
    note: str = ""

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return int(self.source.images[0].shape[-1])

    def digest(self) -> str:
        """A hash of everything an experiment can see: the same digest is the same data and the same split."""
        parts = [self.source.digest(), *(part.digest() for draw in self.draws for _, part in draw.parts())]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def check(self) -> Data:
        """Return itself if it can be used; raise with everything that is wrong if not."""
        problems = find_problems("source", self.source)
        for number, draw in enumerate(self.draws, 1):
            parts = [(f"draw {number}, {name}", part) for name, part in draw.parts()]
            problems += [problem for part in parts for problem in find_problems(*part)]
            problems += find_leakage([*parts, ("source", self.source)])
        problems += find_leakage([(f"the tests of draw {i}", draw.test) for i, draw in enumerate(self.draws, 1)])
        raise_problems(problems)
        return self

    def save(self, folder: Path) -> None:
        """Write all parts and `data.json` into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.source.save(folder / "source.npz")
        for number, draw in enumerate(self.draws, 1):
            (folder / f"draw-{number}").mkdir(exist_ok=True)
            for name, part in draw.parts():
                part.save(folder / f"draw-{number}" / f"{name}.npz")
        (folder / "data.json").write_text(json.dumps(self.facts(), indent=2))

    def facts(self) -> dict[str, object]:
        """What a record of a run says about its data, in JSON's own types."""
        return {
            "name": self.name,
            "digest": self.digest(),
            "test_digest": self.draws[0].test.digest(),
            "draws": len(self.draws),
            "low": self.low,
            "high": self.high,
            "channels": self.channels,
            "source_items": len(self.source),
            "source_classes": len(self.source.classes),
            "target_classes": len(self.draws[0].test.classes),
            "train_items": len(self.draws[0].train),
            "test_items": len(self.draws[0].test),
            "split_by": self.split_by,
            "note": self.note,
        }


def load(folder: Path) -> Data:
    """Read what `Data.save` wrote."""
    facts = json.loads((folder / "data.json").read_text())
    draws = tuple(
        Draw(*(items_module.load(folder / f"draw-{number}" / f"{part}.npz") for part in PARTS))
        for number in range(1, facts["draws"] + 1)
    )
    source = items_module.load(folder / "source.npz")
    return Data(facts["name"], source, draws, facts["low"], facts["high"], facts["split_by"], facts["note"])
