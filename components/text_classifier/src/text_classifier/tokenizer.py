"""From a text to numbers: lower case, no punctuation, words by white space; each word of the vocabulary has a number.

0 fills up, 1 is any word outside of the vocabulary, and the words have the numbers from 2 on, the most frequent first.
`exporting` builds the same into the SavedModel, of TensorFlow's operations; a test holds the two against each other.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PADDING, UNKNOWN, FIRST = 0, 1, 2
LONGEST = 400  # words of a text; what is behind them is cut off
PUNCTUATION = r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']"  # in the words of Python and of RE2, which the SavedModel uses
_PUNCTUATION, _SPACES = re.compile(PUNCTUATION), re.compile(r"[ \t\n\v\f\r]+")


@dataclass(frozen=True)
class Tokenizer:
    """The vocabulary, and how many words of a text are kept."""

    words: tuple[str, ...]
    length: int

    def numbers(self, texts: Sequence[str]) -> np.ndarray:
        """The numbers of each text's words, [texts, length] int32."""
        known = {word: number for number, word in enumerate(self.words, FIRST)}
        found = np.full((len(texts), self.length), PADDING, np.int32)
        for row, text in zip(found, texts, strict=True):
            numbers = [known.get(word, UNKNOWN) for word in words_of(text)[: self.length]]
            row[: len(numbers)] = numbers
        return found

    def as_text(self) -> str:
        """JSON that `read` takes."""
        return json.dumps({"words": self.words, "length": self.length}, ensure_ascii=False)


def words_of(text: str) -> list[str]:
    """The words of a text."""
    return [word for word in _SPACES.split(_PUNCTUATION.sub("", text.lower())) if word]


def fitted(texts: Sequence[str], most: int) -> Tokenizer:
    """A tokenizer of the training part: its `most` frequent words, as long as the longest text."""
    split = [words_of(text) for text in texts]
    counts = Counter(word for words in split for word in words)
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return Tokenizer(tuple(ordered[:most]), min(LONGEST, max(map(len, split))))


def read(file: Path, most: int) -> Tokenizer:
    """A tokenizer that another run has made, with its `most` frequent words."""
    try:
        found = json.loads(file.read_text("utf-8"))
        words, length = found["words"], found["length"]
        sound = all(isinstance(word, str) and words_of(word) == [word] for word in words) and 0 < length <= LONGEST
    except (ValueError, KeyError, TypeError) as problem:
        raise StepError(f"tokenizer_path: {file} is no tokenizer: {problem!r}") from problem
    if not sound or not words or len(set(words)) < len(words):
        raise StepError(f"tokenizer_path: {file}: words must be different lower-case words, length 1 to {LONGEST}")
    return Tokenizer(tuple(words[:most]), int(length))
