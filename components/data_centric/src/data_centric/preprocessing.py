"""From a raw image to what the network takes: in TensorFlow, so that the very same stands in the exported model.

grey, 64x64 → median filter (specks of a camera) → adaptive threshold (ink against the paper around) → 32x32, 3 channels
"""

from __future__ import annotations

from graft_steps.tensorflow_runtime import tf

from data_centric.network import CHANNELS, SIZE

RAW = 64  # pixels of the side that filter and threshold work on
WINDOW = 15  # pixels of the side of what counts as the paper around
OFFSET = 12.0  # brightness below the paper around from which it is ink; ink is full at twice that

# Puts the median of nine into place 4 by exchanges of two, faster than sorting (Paeth, in Graphics Gems, 1990).
_EXCHANGES = (
    *((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3)),
    *((5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)),
)


def prepared(raw: tf.Tensor, bolder: tf.Tensor | None = None) -> tf.Tensor:
    """Raw images, float32 [batch, height, width, 1 or 3] up to 255, as float32 [batch, 32, 32, 3] from 0 to 1.

    `bolder` [batch] is for augmenting alone: 1 dilates the ink of an image, -1 erodes it, 0 leaves it.
    """
    strokes = ink(median(grey(raw)))
    if bolder is not None:
        strokes = reshaped(strokes, bolder)
    small = tf.image.resize(strokes, (SIZE, SIZE), "area")
    return tf.repeat(small, CHANNELS, axis=-1)


def grey(raw: tf.Tensor) -> tf.Tensor:
    """One channel, [batch, 64, 64, 1]."""
    return tf.image.resize(tf.reduce_mean(raw, axis=-1, keepdims=True), (RAW, RAW), antialias=True)


def median(images: tf.Tensor) -> tf.Tensor:
    """The median of each pixel and its eight neighbours."""
    edged = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]], "SYMMETRIC")
    around = [edged[:, down : down + RAW, right : right + RAW] for down in range(3) for right in range(3)]
    for one, other in _EXCHANGES:
        around[one], around[other] = tf.minimum(around[one], around[other]), tf.maximum(around[one], around[other])
    return around[4]


def ink(images: tf.Tensor) -> tf.Tensor:
    """How much of each pixel is ink, 0 to 1: how far it is below the mean of the window around it."""
    around = tf.nn.avg_pool2d(tf.nn.avg_pool2d(images, (WINDOW, 1), 1, "SAME"), (1, WINDOW), 1, "SAME")
    return tf.clip_by_value((around - images) / OFFSET - 1.0, 0.0, 1.0)


def reshaped(strokes: tf.Tensor, bolder: tf.Tensor) -> tf.Tensor:
    """Ink dilated or eroded by a 3x3 window, where `bolder` says so."""
    dilated = tf.nn.max_pool2d(strokes, 3, 1, "SAME")
    eroded = -tf.nn.max_pool2d(-strokes, 3, 1, "SAME")
    which = bolder[:, None, None, None]
    return tf.where(which > 0, dilated, tf.where(which < 0, eroded, strokes))
