"""Embeddings: what word2vec knows, noise for the rest, and vectors that cannot be right; they reach the training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from graft_steps.checks import StepError
from text_classifier import dataset, embeddings
from text_classifier.steps import embedding, judging, learning
from text_classifier.tokenizer import Tokenizer
from text_classifier_small import DIMENSION, Small, Trained, task

WORDS = Tokenizer(("aa", "bb", "cc", "dd"), 5)


def vectors(words: list[str], dimension: int = 3) -> KeyedVectors:
    made = KeyedVectors(dimension)
    made.add_vectors(words, np.arange(len(words) * dimension, dtype=np.float32).reshape(-1, dimension))
    return made


def test_known_words_have_their_vectors_and_unknown_ones_noise_of_the_stated_deviation() -> None:
    found = embeddings.made(WORDS, 3, vectors(["cc", "aa", "zz"]), 1)
    assert (found.known, found.words, found.matrix.dtype, found.matrix.shape) == (2, 4, np.float32, (6, 3))
    np.testing.assert_array_equal(found.matrix[[2, 4]], [[3, 4, 5], [0, 1, 2]])
    assert not found.matrix[0].any()
    many = embeddings.made(Tokenizer(tuple(f"w{at}" for at in range(5000)), 5), 20, None, 1).matrix[1:]
    assert many.mean() == pytest.approx(0, abs=0.01) and many.std() == pytest.approx(0.5, abs=0.01)


def test_vectors_without_a_hit_of_another_size_or_all_alike_are_refused() -> None:
    with pytest.raises(StepError, match="word2vec_path: it knows 0 of the 4 words"):
        embeddings.made(WORDS, 3, vectors(["AA", "BB"]), 1)
    with pytest.raises(StepError, match="embedding_dimension: 4, but the vectors of word2vec_path have 3"):
        embeddings.made(WORDS, 4, vectors(["aa"]), 1)
    alike = KeyedVectors(3)
    alike.add_vectors(["aa", "bb"], np.zeros((2, 3), np.float32))
    with pytest.raises(StepError, match="all the same"):
        embeddings.made(WORDS, 3, alike, 1)


@pytest.mark.parametrize("name", ["vectors.txt", "vectors.bin", "vectors.kv"])
def test_every_format_of_word2vec_is_read_and_a_cut_file_is_refused(name: str, tmp_path: Path) -> None:
    file, made = tmp_path / name, vectors(["aa", "bb"])
    if file.suffix == ".kv":
        made.save(str(file))
    else:
        made.save_word2vec_format(str(file), binary=file.suffix == ".bin")
    np.testing.assert_array_equal(embeddings.read(file)["bb"], [3, 4, 5])
    file.write_bytes(file.read_bytes()[:-8])
    with pytest.raises(StepError, match=f"{name} holds no vectors of word2vec"):
        embeddings.read(file)


def test_a_file_of_vectors_is_taken_by_its_path(small: Small, tmp_path: Path) -> None:
    data, _ = dataset.read(small.data)
    vectors(list(data.tokenizer.words[:200])).save_word2vec_format(str(tmp_path / "vectors.txt"))
    used, numbers = embedding.embed(small.data, str(tmp_path / "vectors.txt"), 3, 7, tmp_path / "out")
    assert numbers["known_words"] == 200 and used["embedding_dimension"] == 3


def test_embeddings_of_another_vocabulary_are_refused(tmp_path: Path) -> None:
    embeddings.write(embeddings.made(WORDS, 3, None, 1), tmp_path)
    with pytest.raises(StepError, match="is not a row for each of 1 words"):
        embeddings.matrix(tmp_path, Tokenizer(("aa",), 5))


def test_the_network_begins_with_them_and_without_them_it_is_far_less_accurate(
    small: Small, trained: Trained, tmp_path: Path
) -> None:
    data, _ = dataset.read(small.data)
    begun = learning.made_of(data, task(small)).get_layer("embedding")
    np.testing.assert_array_equal(begun.get_weights()[0], embeddings.matrix(small.embeddings, data.tokenizer))
    assert begun.trainable

    used, _ = embedding.embed(small.data, "none", DIMENSION, 7, tmp_path / "embeddings")
    without = Small(small.data, tmp_path / "embeddings", small.used, used)
    learning.train(task(without), learning.CPU, tmp_path / "model")
    page = tmp_path / "page.html"
    found = judging.evaluate(small.data, tmp_path / "model", tmp_path / "evaluation", page)
    from text_classifier import evaluation

    with_them, without_them = (evaluation.estimate(each) for each in (evaluation.read(trained.evaluation), found))
    assert with_them.low > without_them.high + 0.05
