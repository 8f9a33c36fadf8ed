"""Embeddings of the vocabulary: what word2vec (Mikolov et al. 2013) knows of a word, and noise for what it does not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from gensim import utils
from gensim.models import KeyedVectors, Word2Vec
from graft_steps.checks import StepError

from text_classifier import language
from text_classifier.tokenizer import FIRST

if TYPE_CHECKING:
    from pathlib import Path

    from text_classifier.tokenizer import Tokenizer

DEVIATION = 0.5  # of a word that word2vec does not know
LEAST_KNOWN = 0.05  # the share of the vocabulary; below it the vectors are probably of another language or spelling
FILE = "embeddings.npy"


@dataclass(frozen=True)
class Embeddings:
    """`matrix` [words + 2, dimension] float32, a row a number of the tokenizer; `known` is how many word2vec has."""

    matrix: np.ndarray
    known: int
    words: int


def made(tokenizer: Tokenizer, dimension: int, vectors: KeyedVectors | None, seed: int) -> Embeddings:
    """The rows of a vocabulary; row 0, which fills up, is zero. StepError where the vectors hardly know a word."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(0, DEVIATION, (len(tokenizer.words) + FIRST, dimension)).astype(np.float32)
    matrix[0] = 0
    if vectors is None:
        return Embeddings(matrix, 0, len(tokenizer.words))
    if vectors.vector_size != dimension:
        raise StepError(
            f"embedding_dimension: {dimension}, but the vectors of word2vec_path have {vectors.vector_size}"
        )
    found = [(number, word) for number, word in enumerate(tokenizer.words, FIRST) if word in vectors]
    if len(found) < LEAST_KNOWN * len(tokenizer.words):
        raise StepError(
            f"word2vec_path: it knows {len(found)} of the {len(tokenizer.words)} words of the vocabulary: give vectors "
            "of the same language and spelling (lower case, no punctuation), or none"
        )
    for number, word in found:
        matrix[number] = vectors[word]
    if not np.isfinite(matrix).all() or np.ptp(matrix[[number for number, _ in found]]) == 0:
        raise StepError("word2vec_path: the vectors are all the same, or no finite numbers")
    return Embeddings(matrix, len(found), len(tokenizer.words))


def read(file: Path) -> KeyedVectors:
    """Vectors in word2vec's format, as text or binary (.bin), packed or not; or in gensim's own (.kv)."""
    try:
        if file.suffix == ".kv":
            return KeyedVectors.load(str(file))
        if ".bin" not in file.suffixes:
            _require_whole(file)
        return KeyedVectors.load_word2vec_format(str(file), binary=".bin" in file.suffixes)
    except Exception as problem:  # whatever gensim raises: EOFError, ValueError, UnicodeDecodeError, UnpicklingError
        raise StepError(f"word2vec_path: {file.name} holds no vectors of word2vec: {problem!r}") from problem


def _require_whole(file: Path) -> None:
    """ValueError where a text file is cut off: gensim would spread what is left of the last line over the vector."""
    with utils.open(str(file), "rb") as lines:
        count, dimension = map(int, lines.readline().split())
        fields = [len(line.split()) for line in lines if line.strip()]
    if len(fields) != count or set(fields) - {dimension + 1}:
        raise ValueError(f"it says {count} vectors of {dimension} numbers, and holds something else")


def fixture(seed: int, dimension: int) -> KeyedVectors:
    """Vectors trained on the unlabelled corpus of the fixture; by one worker, so that they are always the same."""
    logging.getLogger("gensim").setLevel(logging.WARNING)
    texts = language.corpus(seed)
    return Word2Vec(
        texts, vector_size=dimension, window=10, min_count=1, sg=1, negative=5, epochs=8, seed=seed, workers=1
    ).wv


def write(embeddings: Embeddings, folder: Path) -> None:
    """Write the matrix."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / FILE, embeddings.matrix)


def matrix(folder: Path, tokenizer: Tokenizer) -> np.ndarray:
    """The matrix of a vocabulary; StepError where it is of another one."""
    try:
        found = np.load(folder / FILE)
    except (OSError, ValueError, EOFError) as problem:
        raise StepError(f"{folder} holds no embeddings: {problem}; run the step embed again") from problem
    if found.ndim != 2 or len(found) != len(tokenizer.words) + FIRST:
        raise StepError(f"{folder}: {found.shape} is not a row for each of {len(tokenizer.words)} words and two more")
    return found
