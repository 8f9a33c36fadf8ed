"""The prepared data: texts and labels of training, validation and test, class names and tokenizer, in one folder.

training.json, validation.json, test.json    {"texts": [...], "labels": [number of the class, ...]}
facts.json                                   classes, digests, what was dropped, where it came from
tokenizer.json                               vocabulary and length
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError

from text_classifier import tokenizer
from text_classifier.tokenizer import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from text_classifier.table import Row, Table

PARTS = ("training", "validation", "test")
FACTS, TOKENIZER = "facts.json", "tokenizer.json"
FEWEST = 5  # texts of a class in the training part


@dataclass(frozen=True)
class Part:
    """Some texts with the numbers of their classes."""

    texts: tuple[str, ...]
    labels: tuple[int, ...]

    def digest(self) -> str:
        """A hash of texts and labels."""
        return hashlib.sha256(json.dumps([self.texts, self.labels]).encode()).hexdigest()


@dataclass(frozen=True)
class Data:
    """The parts, the names of the classes by their numbers, and the tokenizer."""

    training: Part
    validation: Part
    test: Part
    classes: tuple[str, ...]
    tokenizer: Tokenizer

    def digest(self) -> str:
        """A hash of everything that is learnt from or measured with."""
        parts = [getattr(self, name).digest() for name in PARTS]
        return hashlib.sha256("".join([*parts, *self.classes, self.tokenizer.as_text()]).encode()).hexdigest()

    def numbers(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Words [texts, length] int32 and labels [texts] int32 of one part."""
        found = getattr(self, part)
        return self.tokenizer.numbers(found.texts), np.asarray(found.labels, np.int32)


def split(table: Table, share: float, seed: int) -> tuple[list[Row], list[Row]]:
    """Training and validation rows: a random `share` of the rows, at least one, is for validation."""
    order = np.random.default_rng(seed).permutation(len(table.rows))
    count = int(len(order) * share)
    if not 0 < count < len(order):
        raise StepError(
            f"validation_share: {share:g} of {len(order)} texts leaves {count} for validation and "
            f"{len(order) - count} for training: give more texts, or another share"
        )
    return [table.rows[at] for at in sorted(order[count:])], [table.rows[at] for at in sorted(order[:count])]


def classes(training: Sequence[Row], others: Sequence[Row]) -> tuple[str, ...]:
    """The names of the classes in alphabetical order; StepError where a class cannot be learnt."""
    counts = {row.label: 0 for row in training}
    for row in training:
        counts[row.label] += 1
    if len(counts) < 2:
        raise StepError(
            f"all texts of the training part are labelled {next(iter(counts))!r}: there is nothing to learn"
        )
    if few := [f"{name!r} ({count})" for name, count in sorted(counts.items()) if count < FEWEST]:
        raise StepError(
            f"fewer than {FEWEST} texts to learn from in the classes {', '.join(few[:5])}: is it the label column?"
        )
    if unknown := sorted({row.label for row in others} - counts.keys()):
        raise StepError(f"the label {unknown[0]!r} is not among the labels of the training part: {', '.join(counts)}")
    return tuple(sorted(counts))


def require_unseen(training: Table, test: Table) -> None:
    """StepError where a text of the test file stands in the training file too, naming the lines."""
    known = {row.words: row.line for row in training.rows}
    if shared := [(row.line, known[row.words]) for row in test.rows if row.words in known]:
        places = ", ".join(f"{line} (training {other})" for line, other in shared[:5])
        raise StepError(
            f"{len(shared)} of {len(test.rows)} test texts stand in the training file too, so the test would say "
            f"nothing; lines {places}{' and more' if len(shared) > 5 else ''}: remove them from one of the files"
        )


def part(rows: Sequence[Row], names: Sequence[str]) -> Part:
    """Rows with their classes as numbers."""
    numbers = {name: number for number, name in enumerate(names)}
    return Part(tuple(row.text for row in rows), tuple(numbers[row.label] for row in rows))


def write(data: Data, facts: dict[str, Any], folder: Path) -> None:
    """Write the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        found = getattr(data, name)
        content = {"texts": found.texts, "labels": found.labels}
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    (folder / TOKENIZER).write_text(data.tokenizer.as_text(), "utf-8")
    described = {**facts, "classes": data.classes, "digest": data.digest()}
    (folder / FACTS).write_text(json.dumps(described, ensure_ascii=False, indent=2), "utf-8")


def read(folder: Path) -> tuple[Data, dict[str, Any]]:
    """The data and what is said of them; StepError where they are not what was written."""
    try:
        facts = json.loads((folder / FACTS).read_text("utf-8"))
        parts = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in PARTS}
        words = json.loads((folder / TOKENIZER).read_text("utf-8"))
        made = {name: Part(tuple(each["texts"]), tuple(each["labels"])) for name, each in parts.items()}
        found = tokenizer.Tokenizer(tuple(words["words"]), words["length"])
        data = Data(**made, classes=tuple(facts["classes"]), tokenizer=found)
    except (OSError, ValueError, KeyError) as problem:
        raise StepError(f"{folder} holds no prepared data: {problem!r}; run the step prepare again") from problem
    if data.digest() != facts["digest"]:
        raise StepError(f"{folder}: the data are not those that were written: their digest differs")
    return data, facts
