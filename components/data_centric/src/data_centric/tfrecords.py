"""The images as TFRecord: a file a part, each image as PNG with class number and name; their count and checksum.

TensorFlow sees a file that ends within a record, not one that ends between two; so what was written is kept in
`records.json`, and a reader holds the files against it.
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError
from graft_steps.tensorflow_runtime import tf
from PIL import Image

from data_centric import dataset
from data_centric.dataset import PARTS
from data_centric.numerals import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from data_centric.dataset import Row

FACTS = "records.json"
_BATCH = 500  # records parsed at once
_SCHEMA = {
    "image": tf.io.FixedLenFeature([], tf.string),
    "name": tf.io.FixedLenFeature([], tf.string),
    "label": tf.io.FixedLenFeature([], tf.int64),
}


def write(data: Path, rows: Sequence[Row], facts: dict[str, Any], out: Path) -> dict[str, int]:
    """Write all parts, and `facts` with them; return the number of images in each."""
    out.mkdir(parents=True, exist_ok=True)
    written = {}
    for part in PARTS:
        file = out / f"{part}.tfrecord"
        chosen = sorted(dataset.of_part(rows, part))
        with tf.io.TFRecordWriter(str(file)) as writer:
            for row in chosen:
                writer.write(_example(data, row).SerializeToString())
        written[part] = {"images": len(chosen), "sha256": _checksum(file)}
    (out / FACTS).write_text(json.dumps({"parts": written, "classes": CLASSES, "facts": facts}, indent=2))
    return {part: each["images"] for part, each in written.items()}


def facts(folder: Path) -> dict[str, Any]:
    """What is said of all parts."""
    if not (folder / FACTS).is_file():
        raise StepError(f"{FACTS}: not found: these are no records of the step write-records")
    return json.loads((folder / FACTS).read_text())


def read(folder: Path, part: str) -> tuple[list[str], list[np.ndarray], np.ndarray]:
    """Names, images (uint8 [height, width, 1], each of its own size) and class numbers of a part."""
    said, file = facts(folder)["parts"][part], folder / f"{part}.tfrecord"
    if not file.is_file():
        raise StepError(f"{file.name}: not found; run write-records again")
    if _checksum(file) != said["sha256"]:
        raise StepError(f"{file.name}: is not what was written: it is truncated or damaged; run write-records again")
    found = list(_parsed(file))
    if len(found) != said["images"] or not found:
        raise StepError(f"{file.name}: has {len(found)} of {said['images']} images; run write-records again")
    names, images, labels = zip(*found, strict=True)
    return list(names), list(images), np.array(labels)


def _example(data: Path, row: Row) -> tf.train.Example:
    encoded = io.BytesIO()
    Image.fromarray(dataset.pixels(dataset.path(data, row.image))).save(encoded, "PNG")
    features = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[encoded.getvalue()])),
        "name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[row.image.encode()])),
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[CLASSES.index(row.label)])),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))


def _parsed(file: Path) -> Iterator[tuple[str, np.ndarray, int]]:
    try:
        for batch in tf.data.TFRecordDataset(str(file)).batch(_BATCH):
            found = {name: value.numpy() for name, value in tf.io.parse_example(batch, _SCHEMA).items()}
            for name, image, label in zip(found["name"], found["image"], found["label"], strict=True):
                with Image.open(io.BytesIO(image)) as opened:
                    yield name.decode(), np.asarray(opened)[..., None], int(label)
    except (tf.errors.DataLossError, tf.errors.InvalidArgumentError, OSError) as problem:
        raise StepError(f"{file.name}: holds a record that cannot be read: {problem}") from problem


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
