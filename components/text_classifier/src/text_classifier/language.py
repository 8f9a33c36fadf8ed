"""The fixture: short texts in a made-up language, by a seed, with a larger unlabelled corpus of the same language.

A topic has words of its own, and a text has a few of them among common words and words of one other topic. A topic has
so many words that most are seen in the labelled texts once or never, so what an unlabelled corpus says of which words
belong together is worth much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

TOPICS = ("harbour", "kitchen", "orchard", "workshop")
SHARES = (0.34, 0.26, 0.22, 0.18)  # of the texts
WORDS_OF_A_TOPIC, COMMON_WORDS = 260, 200
TRAINING, TEST, CORPUS = 700, 600, 9000  # texts
ONSETS, NUCLEI, CODAS = tuple("bdfgklmnprstvz"), ("a", "e", "i", "o", "u", "ai", "ou"), ("", "n", "r", "s", "l")


@dataclass(frozen=True)
class Language:
    """The words of one seed: common ones, and those of each topic."""

    common: tuple[str, ...]
    topics: tuple[tuple[str, ...], ...]


def language(seed: int) -> Language:
    """The language of a seed."""
    rng = np.random.default_rng([seed, 0])
    count = COMMON_WORDS + len(TOPICS) * WORDS_OF_A_TOPIC
    words: dict[str, None] = {}
    while len(words) < count:
        syllables = rng.integers(2, 4)
        words["".join(_syllable(rng) for _ in range(syllables))] = None
    made = list(words)
    topics = [tuple(made[COMMON_WORDS + at * WORDS_OF_A_TOPIC :][:WORDS_OF_A_TOPIC]) for at in range(len(TOPICS))]
    return Language(tuple(made[:COMMON_WORDS]), tuple(topics))


def training_texts(seed: int) -> list[tuple[str, str]]:
    """(text, label) of the training file."""
    return _labelled(seed, 1, TRAINING)


def test_texts(seed: int) -> list[tuple[str, str]]:
    """(text, label) of the test file; none of its texts is in the training file."""
    known = {text for text, _ in training_texts(seed)}
    return [row for row in _labelled(seed, 2, TEST) if row[0] not in known]


def corpus(seed: int) -> list[list[str]]:
    """The words of each text of the unlabelled corpus."""
    found, rng = language(seed), np.random.default_rng([seed, 3])
    return [_text(rng, found, topic) for topic in rng.choice(len(TOPICS), CORPUS, p=SHARES)]


def _labelled(seed: int, part: int, count: int) -> list[tuple[str, str]]:
    found, rng = language(seed), np.random.default_rng([seed, part])
    topics = rng.choice(len(TOPICS), count, p=SHARES)
    return [(" ".join(_text(rng, found, topic)), TOPICS[topic]) for topic in topics]


def _text(rng: np.random.Generator, found: Language, topic: int) -> list[str]:
    """Four to six words of the topic, two of another one, and common words, in any order."""
    other = (topic + rng.integers(1, len(TOPICS))) % len(TOPICS)
    words = [
        *_some(rng, found.topics[topic], rng.integers(4, 7)),
        *_some(rng, found.topics[other], 2),
        *_some(rng, found.common, rng.integers(4, 9)),
    ]
    return [words[place] for place in rng.permutation(len(words))]


def _some(rng: np.random.Generator, words: Sequence[str], count: int) -> list[str]:
    return [words[place] for place in rng.integers(0, len(words), count)]


def _syllable(rng: np.random.Generator) -> str:
    return "".join(part[rng.integers(len(part))] for part in (ONSETS, NUCLEI, CODAS))
