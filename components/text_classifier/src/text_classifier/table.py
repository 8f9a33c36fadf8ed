"""A CSV of texts and labels: read by the names of two columns, and checked before anyone learns from it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graft_steps.checks import StepError, one_of

from text_classifier.tokenizer import words_of

if TYPE_CHECKING:
    from pathlib import Path

MOST_EMPTY = 0.5  # the share of the rows that may have no text; beyond it the column is probably another one


@dataclass(frozen=True)
class Row:
    """One text with its label, and the line of the file that it began at."""

    text: str
    label: str
    line: int

    @property
    def words(self) -> tuple[str, ...]:
        """What the network sees of it: two texts of the same words are the same text."""
        return tuple(words_of(self.text))


@dataclass(frozen=True)
class Table:
    """The rows that can be used, and how many were dropped for what."""

    rows: tuple[Row, ...]
    empty: int
    repeated: int


def read(file: Path, text_column: str, label_column: str) -> Table:
    """The rows of a file without empty and repeated texts; StepError where little would be left, or nothing differs."""
    rows = _rows(file, text_column, label_column)
    filled = [row for row in rows if row.words]
    empty = len(rows) - len(filled)
    if empty > MOST_EMPTY * len(rows):
        raise StepError(
            f"{file.name}: {empty} of {len(rows)} texts are empty: is {text_column} the column of the texts?"
        )
    if unlabelled := [row.line for row in filled if not row.label]:
        raise StepError(f"{file.name}:{unlabelled[0]}: {len(unlabelled)} texts have no label in {label_column}")
    kept = _once(filled, file.name)
    if len(kept) < 2:
        raise StepError(f"{file.name}: all texts of the column {text_column} are the same, so nothing can be learnt")
    return Table(tuple(kept), empty, len(filled) - len(kept))


def _rows(file: Path, text_column: str, label_column: str) -> list[Row]:
    try:
        with file.open(newline="", encoding="utf-8") as opened:
            reader = csv.reader(opened, strict=True)
            header = next(reader, [])
            places = [one_of(f"{file.name}: column", name, header) for name in (text_column, label_column)]
            text, label = (header.index(name) for name in places)
            rows = []
            for cells in reader:
                if len(cells) != len(header):
                    raise StepError(
                        f"{file.name}:{reader.line_num}: {len(cells)} cells, but {len(header)} columns: "
                        "the file is truncated"
                    )
                rows.append(Row(cells[text].strip(), cells[label].strip(), reader.line_num))
    except (csv.Error, UnicodeDecodeError) as problem:
        raise StepError(f"{file.name}: is no CSV in UTF-8: {problem}") from problem
    if not rows:
        raise StepError(f"{file.name}: the file has no rows; it must have a header and a row for each text")
    return rows


def _once(rows: list[Row], name: str) -> list[Row]:
    """The first of each text; the same text with two labels says nothing, and shows that something is wrong."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        known = first.setdefault(row.words, row)
        if known.label != row.label:
            raise StepError(
                f"{name}:{row.line}: this text is labelled {row.label!r}, and on line {known.line} {known.label!r}: "
                "decide for one, and remove the other"
            )
    return list(first.values())
