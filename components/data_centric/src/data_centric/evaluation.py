"""What a trained network is worth on the test, class by class; how it is written down, and read by the steps after."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError
from graft_steps.plots import confusion
from graft_steps.statistics import Paired, Proportion, majority, paired

if TYPE_CHECKING:
    from pathlib import Path

FILE = "results.json"
MAJORITY = "always naming the most frequent class"


@dataclass(frozen=True)
class Evaluation:
    """The answers to the test images, and how many of the others were answered otherwise than they are labelled.

    used         parameters and facts of the run
    classes      their names, in the order of their numbers
    images       names of the test images; `truth` and `answers` are their class numbers
    disagreed    part to (answered otherwise, suspected of a wrong label, images), of train and validation
    """

    used: dict[str, Any]
    classes: list[str]
    curves: dict[str, list[float]]
    test_digest: str
    images: list[str]
    truth: list[int]
    answers: list[int]
    disagreed: dict[str, list[int]]

    @property
    def accuracy(self) -> Proportion:
        """On the test."""
        return _right(self.truth, self.answers)

    @property
    def majority(self) -> float:
        """The accuracy of always naming the most frequent class."""
        return majority(self.truth)

    @property
    def by_class(self) -> dict[str, Proportion]:
        """Of the test images of each class, how many were answered right."""
        found = {}
        for number, name in enumerate(self.classes):
            pairs = [(t, a) for t, a in zip(self.truth, self.answers, strict=True) if t == number]
            found[name] = _right(*map(list, zip(*pairs, strict=True)))
        return found

    @property
    def confusion(self) -> list[list[int]]:
        """Counts, a row a true class."""
        return confusion(self.truth, self.answers, len(self.classes))

    @property
    def suspected(self) -> Proportion:
        """Of the images to learn from and to choose by, how many are suspected of a wrong label."""
        return Proportion(*(sum(counts[i] for counts in self.disagreed.values()) for i in (1, 2)))

    def against(self, answers: list[int]) -> Paired:
        """This network and another, by its answers to the same test images."""
        return paired(self.truth, self.answers, answers)

    def metrics(self) -> dict[str, float]:
        """The numbers of a record."""
        found = {**self.accuracy.estimate().metrics(), "majority_baseline": self.majority}
        found |= {f"accuracy_{name}": each.value for name, each in self.by_class.items()}
        for part, (disagreed, _, images) in self.disagreed.items():
            found[f"{part}_disagreement"] = disagreed / images
        return found | {"suspected_labels": float(self.suspected.right), "suspected_share": self.suspected.value}


def write(found: Evaluation, folder: Path) -> None:
    """Write it as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps(asdict(found)))


def read(folder: Path) -> Evaluation:
    """What `write` wrote."""
    if not (folder / FILE).is_file():
        raise StepError(f"{FILE}: not found: this is no evaluation of the step evaluate")
    return Evaluation(**json.loads((folder / FILE).read_text()))


def require_answers(answers: list[int], count: int) -> None:
    """StepError where a network answers everything alike, which no accuracy is to be made of."""
    if len(answers) != count or not count:
        raise StepError(f"the model gave {len(answers)} answers to {count} test images")
    if len(set(answers)) == 1:
        raise StepError(f"the model names the same class for all {count} test images: it has learnt nothing")


def _right(truth: list[int], answers: list[int]) -> Proportion:
    return Proportion(sum(map(int.__eq__, truth, answers)), len(truth))
