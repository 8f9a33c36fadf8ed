"""The same checkout is a Kapitan project: its compile writes what graft renders, byte for byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_kapitan_compile_writes_identical_trees(tiny: Path) -> None:
    kapitan = Path(sys.executable).with_name("kapitan")

    done = subprocess.run([kapitan, "compile"], cwd=tiny, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    compiled = {path.relative_to(tiny / "compiled"): path.read_bytes() for path in _files(tiny / "compiled")}
    rendered = {path.relative_to(tiny / "rendered"): path.read_bytes() for path in _files(tiny / "rendered")}
    assert compiled == rendered


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
