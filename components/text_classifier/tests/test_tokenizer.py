"""Words and their numbers: the same in the SavedModel as in the training."""

from __future__ import annotations

import numpy as np
from graft_steps.tensorflow_runtime import keras, tf
from hypothesis import given, settings
from hypothesis import strategies as st
from text_classifier import exporting
from text_classifier.tokenizer import Tokenizer, fitted, words_of

WORDS = Tokenizer(("the", "ältere", "dog", "it's", "3", "日本"), 5)
WORDS = Tokenizer(tuple(word for word in WORDS.words if words_of(word) == [word]), 5)
LOOKUP = keras.layers.StringLookup(vocabulary=list(WORDS.words), mask_token="")


def served(texts: list[str]) -> np.ndarray:
    return exporting._numbers(tf.constant(texts), LOOKUP, WORDS).numpy()


def test_words_are_lower_case_without_punctuation() -> None:
    assert words_of(' The DOG, it\'s (the)\t"ÄLTERE"\n- ') == ["the", "dog", "its", "the", "ältere"]
    assert words_of("?! ...") == []


def test_numbers_fill_up_cut_off_and_know_what_they_do_not_know() -> None:
    np.testing.assert_array_equal(WORDS.numbers(["dog the cat"]), [[4, 2, 1, 0, 0]])
    np.testing.assert_array_equal(WORDS.numbers(["dog " * 9]), [[4] * 5])


def test_the_most_frequent_words_come_first_and_ties_are_in_order() -> None:
    assert fitted(["b a c a", "c a d"], 3) == Tokenizer(("a", "c", "b"), 4)


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00İ"), max_size=30), min_size=1, max_size=5))
def test_the_savedmodel_gives_every_text_the_same_numbers(texts: list[str]) -> None:
    kept = [f"dog {text} THE" for text in texts]
    np.testing.assert_array_equal(served(kept), WORDS.numbers(kept))


def test_every_mark_and_space_is_read_alike() -> None:
    marks = [f"dog{chr(code)}the" for code in range(1, 0x250)]
    np.testing.assert_array_equal(served(marks), WORDS.numbers(marks))
