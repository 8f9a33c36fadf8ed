"""Arrays and facts on disk, with errors that name the file and say what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def array(file: Path, kind: str, dimensions: int) -> np.ndarray:
    """Read an array without loading it into memory; `kind` is NumPy's letter of its type, such as f or u.

    StepError where the file is missing, cut off, empty, or holds something else.
    """
    try:
        found = np.load(file, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise StepError(f"{file} does not exist") from None
    except (OSError, ValueError, EOFError) as problem:
        raise StepError(f"{file} cannot be read as an array, it may be cut off: {problem}") from problem
    if found.dtype.kind != kind or found.ndim != dimensions:
        raise StepError(f"{file} holds {found.dtype} of {found.ndim} dimensions; it must be {kind} of {dimensions}")
    if not found.size:
        raise StepError(f"{file} is an array of nothing")
    return found


def check_lengths(folder: Path, **parts: np.ndarray) -> None:
    """Refuse parts of one folder that are not all of the same length."""
    if len({len(part) for part in parts.values()}) > 1:
        counts = ", ".join(f"{len(part)} {name}" for name, part in parts.items())
        raise StepError(f"{folder}: {counts}; there must be as many of each")


def facts(file: Path) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise StepError(f"{file} does not exist") from None
    except ValueError as problem:
        raise StepError(f"{file} cannot be read as JSON, it may be cut off: {problem}") from problem
    if not isinstance(found, dict):
        raise StepError(f"{file} is not a JSON object")
    return found


def write_facts(file: Path, found: Mapping[str, Any]) -> None:
    """Write a JSON object."""
    file.write_text(json.dumps(dict(found), indent=2) + "\n", "utf-8")
