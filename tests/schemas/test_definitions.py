"""The schemas of other systems' kinds are what their own definitions make them, and none is missing or left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from generators.checks.definitions.__main__ import SCHEMAS, write

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = ROOT.parent / "shared" / "crds"


def test_the_schemas_are_those_that_the_real_definitions_make(tmp_path: Path) -> None:
    if not DEFINITIONS.is_dir():
        pytest.skip(f"not run: no definitions in {DEFINITIONS}")
    committed = {file.relative_to(ROOT): file.read_text() for file in (ROOT / SCHEMAS).rglob("*.schema.json")}

    kinds = [file.name.removesuffix(".schema.json") for file in committed]
    made = {file.relative_to(tmp_path): file.read_text() for file in write(DEFINITIONS, tmp_path, kinds)}

    assert sorted(committed) == sorted(made)
    different = [str(file) for file, text in committed.items() if made[file] != text]
    assert different == [], f"run: python -m generators.checks.definitions {DEFINITIONS}"
