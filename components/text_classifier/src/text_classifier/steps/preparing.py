"""The step that prepares the data: two CSV files made training, validation and test, with a tokenizer."""

from __future__ import annotations

import csv
import hashlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import fraction, integer
from graft_steps.training import LARGEST_SEED

from text_classifier import dataset, language, places, table, tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from text_classifier.dataset import Data
    from text_classifier.table import Row, Table

FIXTURE_HEADER = ("text", "label")


def prepare(
    train_path: str,
    test_path: str,
    text_column: str,
    label_column: str,
    validation_share: float,
    split_seed: int,
    words: int,
    tokenizer_path: str,
    out: Path,
) -> tuple[dict[str, Any], dict[str, float]]:
    """Write the prepared data into the folder `out`; return what was used, and numbers about it."""
    share = fraction("validation_share", validation_share)
    seed, most = integer("split_seed", split_seed, 0, LARGEST_SEED), integer("words", words, 1)
    columns = (text_column, label_column)
    training, train_digest = _table("train_path", train_path, columns, language.training_texts)
    test, test_digest = _table("test_path", test_path, columns, language.test_texts)
    dataset.require_unseen(training, test)
    learnt, held = dataset.split(training, share, seed)
    names = dataset.classes(learnt, [*held, *test.rows])
    found = _tokenizer(tokenizer_path, learnt, most)
    data = dataset.Data(*(dataset.part(rows, names) for rows in (learnt, held, test.rows)), names, found)
    used = {
        "train_path": train_path,
        "test_path": test_path,
        "train_digest": train_digest,
        "test_digest": test_digest,
        "text_column": text_column,
        "label_column": label_column,
        "validation_share": share,
        "split_seed": seed,
        "words": most,
        "tokenizer_path": tokenizer_path,
        "data_digest": data.digest(),
    }
    numbers = _numbers(data, training, test)
    dataset.write(data, {"used": used}, out)
    say(
        f"{len(learnt)} texts to learn from, {len(held)} to validate with, {len(test.rows)} to test with, "
        f"{len(found.words)} words, classes {', '.join(names)}"
    )
    return used, numbers


def _numbers(data: Data, training: Table, test: Table) -> dict[str, float]:
    return {
        "training_texts": float(len(data.training.texts)),
        "validation_texts": float(len(data.validation.texts)),
        "test_texts": float(len(data.test.texts)),
        "empty_texts": float(training.empty + test.empty),
        "repeated_texts": float(training.repeated + test.repeated),
        "vocabulary": float(len(data.tokenizer.words)),
        "longest_text": float(data.tokenizer.length),
    }


def _table(what: str, place: str, columns: tuple[str, str], fixture: Any) -> tuple[Table, str]:
    """The rows of a file and the file's SHA-256; a fixture is written out first, so that it is read as any other."""
    with _file(what, place, fixture) as file:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return table.read(file, *columns), digest


@contextmanager
def _file(what: str, place: str, fixture: Any) -> Iterator[Path]:
    seed = places.fixture_seed(place)
    if seed is None:
        with places.fetched(what, place) as file:
            yield file
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{what}.csv"
        write_csv(fixture(seed), file)
        yield file


def write_csv(rows: Sequence[tuple[str, str]], file: Path) -> None:
    """Write (text, label) with the fixture's header."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([FIXTURE_HEADER, *rows])


def _tokenizer(place: str, learnt: Sequence[Row], most: int) -> tokenizer.Tokenizer:
    if place == places.NONE:
        return tokenizer.fitted([row.text for row in learnt], most)
    with places.fetched("tokenizer_path", place) as file:
        return tokenizer.read(file, most)
