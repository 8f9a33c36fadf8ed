"""TensorFlow as every step wants it: quiet, repeatable, and content with one core.

Steps of a loop run side by side, so one process takes one thread. The number of threads is part of what a seed means
(sums are taken in another order with more), so it is fixed here and not taken from the machine. The kind
of processor is part of it too, whose instructions order sums as well: on another one the figures differ a little.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _native_stderr_silenced() -> Iterator[None]:
    """Drop what C++ writes to stderr: TensorFlow reports missing GPU drivers before its log level is read."""
    sys.stderr.flush()
    kept = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)


@contextmanager
def _hidden(*packages: str) -> Iterator[None]:
    """Make packages look absent: Keras imports scikit-learn and pyplot where it finds them, and needs neither here."""
    added = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(added))
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # its kernels round differently from processor to processor
os.environ["KERAS_BACKEND"] = "tensorflow"

with _native_stderr_silenced(), _hidden("sklearn", "matplotlib"):  # a third of the seconds that this takes
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    if "TF_CONFIG" not in os.environ:  # a strategy of several processes must be made before the devices start
        tf.config.list_logical_devices()  # starts the devices now, while their messages are dropped

    import keras

tf.get_logger().setLevel("ERROR")

__all__ = ["keras", "seed", "tf"]


def seed(number: int) -> None:
    """Seed Python, NumPy and Keras, so that the same number gives the same network."""
    keras.utils.set_random_seed(number)
