"""No file ends a reader otherwise than with a value or with words, nor costs it more than its size does.

`GRAFT_MUTATIONS=10000` tries as many, and every reader with all that is repeated; otherwise it is a share of these.
"""

from __future__ import annotations

import gc
import os
import random
import time
from pathlib import Path

import pytest

from tests.properties.mutations import NUMBERED, SIZE, UNITS, Mutator, repeated
from tests.properties.readers import Reader, outcome, readers

FEW = 220
MUTATIONS = int(os.environ.get("GRAFT_MUTATIONS", FEW))
SECONDS = 2.0  # of the processor for 1 MiB, beyond what a small file takes


@pytest.fixture(scope="module")
def every_reader(compiled_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Reader]:
    return readers(compiled_tiny, tmp_path_factory.mktemp("hostile"))


def test_whatever_a_file_holds_is_read_or_refused_in_words(every_reader: list[Reader]) -> None:
    told = []
    for number in range(MUTATIONS):
        mutator, reader = Mutator(number), every_reader[number % len(every_reader)]
        content = mutator.changed(mutator.random.choice(reader.samples))
        began = time.process_time()
        try:
            assert outcome(reader, content).strip()
        except Exception as error:
            told.append(f"{reader.name}, seed {number}: {type(error).__name__}: {str(error)[:200]}")
        took = time.process_time() - began
        if took > SECONDS + 3 * len(content) / (1 << 20):
            told.append(f"{reader.name}, seed {number}: {took:.1f} s for {len(content)} bytes")
    assert not told, "\n".join(told)


@pytest.mark.parametrize("unit", [*UNITS, *NUMBERED])
def test_time_is_linear_in_what_is_repeated(every_reader: list[Reader], unit: str) -> None:
    """Four times as much takes some four times as long, of whatever is repeated without end, alone or as a value."""
    for reader in _share(every_reader, unit):
        for before in ("", "a: "):
            took = [_seconds(reader, before + repeated(unit, size)) for size in (SIZE // 4, SIZE)]
            assert took[1] < max(0.5, 9 * took[0]), f"{reader.name}: {before}{unit!r}: {took}"


def _share(every_reader: list[Reader], unit: str) -> list[Reader]:
    return every_reader if MUTATIONS > FEW else random.Random(unit).sample(every_reader, 2)


def _seconds(reader: Reader, text: str) -> float:
    gc.freeze()  # what this process holds already is not gone through while it is measured
    began = time.process_time()
    outcome(reader, text.encode())
    return time.process_time() - began
