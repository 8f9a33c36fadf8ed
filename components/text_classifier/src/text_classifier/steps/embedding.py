"""The step that prepares the embeddings of the vocabulary."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import integer
from graft_steps.training import LARGEST_SEED

from text_classifier import dataset, embeddings, places

if TYPE_CHECKING:
    from pathlib import Path

    from gensim.models import KeyedVectors


def embed(
    data: Path, word2vec_path: str, dimension: int, seed: int, out: Path
) -> tuple[dict[str, Any], dict[str, float]]:
    """Write a row for each word of the vocabulary into the folder `out`; return what was used, and numbers about it."""
    size, number = integer("embedding_dimension", dimension, 1, 2000), integer("seed", seed, 0, LARGEST_SEED)
    loaded, _ = dataset.read(data)
    made = embeddings.made(loaded.tokenizer, size, _vectors(word2vec_path, size), number)
    embeddings.write(made, out)
    say(f"{made.known} of {made.words} words are known to {word2vec_path}; the others have random vectors")
    used = {
        "word2vec_path": word2vec_path,
        "embedding_dimension": size,
        "embeddings_digest": hashlib.sha256(made.matrix.tobytes()).hexdigest(),
    }
    return used, {"known_words": float(made.known), "known_share": made.known / made.words}


def _vectors(place: str, dimension: int) -> KeyedVectors | None:
    if place == places.NONE:
        return None
    if (seed := places.fixture_seed(place)) is not None:
        return embeddings.fixture(seed, dimension)
    with places.fetched("word2vec_path", place) as file:
        return embeddings.read(file)
