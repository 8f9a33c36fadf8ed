"""The model as a user gets it: one SavedModel from texts to class names, with the words' numbers inside.

<folder>/                             an MLflow model
<folder>/assets.extra/model.json      classes, what was used, features of the training texts, prints of what it has seen
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import models
from graft_steps.tensorflow_runtime import keras, tf

from text_classifier import network
from text_classifier.tokenizer import PUNCTUATION, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from text_classifier.dataset import Data
    from text_classifier.tokenizer import Tokenizer


def export(made: keras.Model, data: Data, facts: dict[str, Any], folder: Path) -> None:
    """Write the model: texts [n] in, `class` [n] and `probabilities` [n, classes] out."""
    lookup = keras.layers.StringLookup(vocabulary=list(data.tokenizer.words), mask_token="", name="vocabulary")
    lookup.build((None,))
    names = tf.constant(data.classes)

    def serve(text: tf.Tensor) -> dict[str, tf.Tensor]:
        answer = made(_numbers(text, lookup, data.tokenizer), training=False)
        return {"class": tf.gather(names, tf.argmax(answer, axis=1)), "probabilities": answer}

    archive = keras.export.ExportArchive()
    archive.track(made)
    archive.track(lookup)
    archive.add_endpoint("serving_default", serve, [tf.TensorSpec([None], tf.string, name="text")])
    archive.write_out(str(folder), verbose=False)
    seen = prints([*data.training.texts, *data.validation.texts])
    models.describe(folder, np.array(data.training.texts[:2]), {**facts, "classes": data.classes, "seen": seen})


def _numbers(text: tf.Tensor, lookup: keras.layers.Layer, tokenizer: Tokenizer) -> tf.Tensor:
    """What `Tokenizer.numbers` gives, by TensorFlow's operations; a text without a word is refused."""
    plain = tf.strings.regex_replace(tf.strings.lower(text, encoding="utf-8"), PUNCTUATION, "")
    words = tf.strings.split(plain)
    said = tf.debugging.assert_positive(words.row_lengths(), "a text has no words")
    with tf.control_dependencies([said] if said is not None else []):
        numbers = tf.RaggedTensor.from_row_splits(lookup(words.flat_values), words.row_splits)
        return tf.cast(numbers.to_tensor(0, shape=[None, tokenizer.length]), tf.int32)


def served(folder: Path, texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """What the SavedModel itself answers: class names, and probabilities [n, classes]."""
    answer = tf.saved_model.load(str(folder)).signatures["serving_default"]
    batches = [texts[at : at + network.BATCH] for at in range(0, len(texts), network.BATCH)]
    answers = [answer(text=tf.constant(list(batch))) for batch in batches]
    names = [name.decode() for each in answers for name in each["class"].numpy()]
    return names, np.concatenate([each["probabilities"].numpy() for each in answers])


def prints(texts: Iterable[str]) -> list[str]:
    """A short hash of the words of each text: the same words are the same text."""
    return [hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()[:16] for text in texts]
