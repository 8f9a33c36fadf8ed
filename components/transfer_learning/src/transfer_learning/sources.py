"""The three kinds of data: invented speakers, scikit-learn's digits, and a folder of images in class folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from graft_steps import places
from graft_steps.checks import StepError, integer, one_of

from transfer_learning import voices
from transfer_learning.dataset import Data, Draw
from transfer_learning.items import Items
from transfer_learning.splits import MOST_TESTS, MOST_VALIDATIONS, pool_draws

SOURCE_SPEAKERS, TARGET_SPEAKERS, SOURCE_UTTERANCES = 30, 6, 60
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def fetch(data: str, seed: int, draws: int, examples_per_class: int) -> Data:
    """Get the data that `data` names ("speakers", "digits", or a path or a URI), split and held to be plausible."""
    seed = integer("seed", seed, 0)
    draws = integer("draws", draws, 1)
    examples = integer("examples_per_class", examples_per_class, 1)
    if places.is_place(data):
        with places.fetched("data", data) as path:
            return folder(path, seed, draws, examples).check()
    make = {"speakers": speakers, "digits": digits}[one_of("data", data, ("speakers", "digits"))]
    return make(seed, draws, examples).check()


@dataclass(frozen=True)
class Batch:
    """Images to be answered, each with the name of its item; `truth` is their classes, empty where it is not known."""

    name: str
    items: tuple[str, ...]
    images: tuple[np.ndarray, ...]
    truth: tuple[str, ...] = ()


def batch(data: str, seed: int) -> Batch:
    """The images that `data` names: a folder, or by speakers and digits what draw 1 of a run of that seed tests on."""
    if not places.is_place(data):
        test = fetch(data, seed, 1, 1).draws[0].test
        return Batch(data, test.recordings, test.images, tuple(test.classes[label] for label in test.labels))
    with places.fetched("data", data) as path:
        return _of_folder(path)


def _of_folder(path: Path) -> Batch:
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in IMAGE_SUFFIXES)
    if not files:
        raise StepError(f"data: {path} contains no images ({', '.join(IMAGE_SUFFIXES)})")
    return Batch(path.resolve().name, tuple(str(file.relative_to(path)) for file in files), tuple(map(_decoded, files)))


def speakers(seed: int, draws: int, examples: int) -> Data:
    """Invent speakers: one set to pretrain on, and for every draw a few that nobody has heard before."""
    rng = np.random.default_rng([seed, 0])
    source = _said(
        [voices.voice(rng) for _ in range(SOURCE_SPEAKERS)],
        SOURCE_UTTERANCES,
        np.random.default_rng([seed, 1]),
        "source",
    )
    parts = (("train", examples), ("validation", MOST_VALIDATIONS), ("test", MOST_TESTS))
    made = []
    for draw in range(1, draws + 1):
        rng = np.random.default_rng([seed, 2, draw])
        people = [voices.voice(rng) for _ in range(TARGET_SPEAKERS)]
        made.append(
            Draw(*(
                _said(people, count, np.random.default_rng([seed, 3, draw, i]), part)
                for i, (part, count) in enumerate(parts)
            ))
        )  # fmt: skip
    return Data("speakers", source, tuple(made), voices.FLOOR_DB, voices.CEILING_DB, "utterance of an unheard speaker")


def _said(people: list[voices.Voice], count: int, rng: np.random.Generator, part: str) -> Items:
    images = np.concatenate([voices.utterances(person, count, rng) for person in people])
    recordings = tuple(f"{person.name}/{part}-{number}" for person in people for number in range(count))
    labels = np.repeat(np.arange(len(people)), count)
    return Items(tuple(images), labels, recordings, tuple(person.name for person in people))


def digits(seed: int, draws: int, examples: int) -> Data:
    """Handwritten digits of 8x8 pixels: 0 to 4 are the source task, 5 to 9 the target task."""
    from sklearn.datasets import load_digits  # takes seconds, and only this kind of data needs it

    bunch = load_digits()
    images = tuple(bunch.images.astype(np.float32)[..., None])
    recordings = tuple(f"scan-{number}" for number in range(len(images)))
    first, last = bunch.target < 5, bunch.target >= 5
    everything = Items(images, bunch.target, recordings, tuple(str(digit) for digit in range(10)))
    source = _relabelled(everything.take(np.flatnonzero(first).tolist()), 0, 5)
    pool = _relabelled(everything.take(np.flatnonzero(last).tolist()), 5, 10)
    note = "The digits come without the names of their writers, so one writer may be on both sides of the split."
    return Data(
        "digits", source, pool_draws(pool, draws, examples, np.random.default_rng([seed, 2])), 0.0, 16.0, "image", note
    )


def _relabelled(items: Items, start: int, stop: int) -> Items:
    return Items(items.images, items.labels - start, items.recordings, items.classes[start:stop])


def folder(path: Path, seed: int, draws: int, examples: int) -> Data:
    """Read `source/<class>/*` and `target/<class>/*`; `<recording>__<anything>.png` are slices of one recording."""
    missing = [task for task in ("source", "target") if not (path / task).is_dir()]
    if missing:
        raise StepError(
            f"data: {path} has no folder {' and no folder '.join(missing)}; it needs source/<class>/ with the images "
            "to pretrain on and target/<class>/ with the images of the task"
        )
    source, pool = (_images(path / task) for task in ("source", "target"))
    split = pool_draws(pool, draws, examples, np.random.default_rng([seed, 2]))
    return Data(path.resolve().name, source, split, 0.0, 255.0, "recording (file name before '__')")


def _images(task: Path) -> Items:
    classes = tuple(sorted(entry.name for entry in task.iterdir() if entry.is_dir()))
    files = [(file, label) for label, name in enumerate(classes) for file in sorted((task / name).iterdir())]
    chosen = [(file, label) for file, label in files if file.suffix.lower() in IMAGE_SUFFIXES]
    if not chosen:
        raise StepError(f"data: {task} contains no images in class folders ({', '.join(IMAGE_SUFFIXES)})")
    images = tuple(_decoded(file) for file, _ in chosen)
    recordings = tuple(f"{file.parent.name}/{file.stem.split('__')[0]}" for file, _ in chosen)
    return Items(images, np.array([label for _, label in chosen]), recordings, classes)


def _decoded(file: Path) -> np.ndarray:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(file) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except (UnidentifiedImageError, OSError) as problem:
        raise StepError(f"data: {file}: cannot be decoded as an image ({problem})") from problem
