"""Features of texts as shares, and how far two of them are apart: the check for skew and drift.

The distance is L-infinity, the greatest difference of the shares of one value, as in TensorFlow Data Validation.
https://www.tensorflow.org/tfx/data_validation/get_started#checking_data_skew_and_drift
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from text_classifier.tokenizer import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from text_classifier.dataset import Data, Part

Shares = dict[str, dict[str, float]]  # feature to value to its share

UNKNOWN = "unknown words"
LENGTHS = (0, 3, 6, 9, 12, 16, 24, 40, 80, 160)  # words, where a bin begins


@dataclass(frozen=True)
class Distance:
    """How far one feature of two sets of texts is apart, and at which value it is the most."""

    feature: str
    value: str
    distance: float
    before: float
    now: float

    def __str__(self) -> str:
        return f"{self.feature}: {self.distance:.2f} at {self.value!r} ({self.before:.2f} to {self.now:.2f})"


def learnt(data: Data) -> Shares:
    """The features of what a model learns from; the share of unknown words is that of the validation part, as the
    vocabulary was taken from the training part."""
    return {**shares(data.training, data), UNKNOWN: shares(data.validation, data)[UNKNOWN]}


def shares(part: Part, data: Data) -> Shares:
    """The features of one part: length, share of unknown words in a text, known words, classes."""
    split = [words_of(text) for text in part.texts]
    known = set(data.tokenizer.words)
    unknown = (f"{round(10 * sum(word not in known for word in words) / len(words)) / 10:.1f}" for words in split)
    words = Counter(word for text in split for word in text if word in known)
    return {
        "length": _shares(f"{_bin(len(text))} words and more" for text in split),
        UNKNOWN: _shares(unknown),
        "word": _of_counts(words),
        "class": _shares(data.classes[label] for label in part.labels),
    }


def distances(before: Shares, now: Shares) -> list[Distance]:
    """The distance of each feature that both have, the greatest first; a value that one lacks has the share 0 there."""
    found = [_distance(name, before[name], now[name]) for name in before if name in now]
    return sorted(found, key=lambda each: -each.distance)


def beyond(found: Sequence[Distance], limit: float) -> list[Distance]:
    """The distances above a limit."""
    return [each for each in found if each.distance > limit]


def _distance(feature: str, before: Mapping[str, float], now: Mapping[str, float]) -> Distance:
    values = sorted({*before, *now})
    worst = max(values, key=lambda value: abs(before.get(value, 0.0) - now.get(value, 0.0)))
    first, second = before.get(worst, 0.0), now.get(worst, 0.0)
    return Distance(feature, worst, abs(first - second), first, second)


def _bin(count: int) -> int:
    return max(start for start in LENGTHS if start <= count)


def _shares(values: Iterable[str]) -> dict[str, float]:
    return _of_counts(Counter(values))


def _of_counts(counts: Counter[str], most: int = 300) -> dict[str, float]:
    total = sum(counts.values()) or 1
    return {value: count / total for value, count in counts.most_common(most)}
