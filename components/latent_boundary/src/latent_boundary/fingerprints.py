"""Hashes of latent codes: the same code has the same hash in any data set."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable


def of_latents(latents: np.ndarray) -> list[str]:
    """A short hash of each latent code, [count, dimension]."""
    rows = np.ascontiguousarray(latents, "<f4")
    return [hashlib.blake2b(row.tobytes(), digest_size=8).hexdigest() for row in rows]


def of_arrays(arrays: Iterable[np.ndarray]) -> str:
    """One hash of some arrays in their order, rounded so that no processor's last bit decides it."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array.round(6) + 0.0, "<f8").tobytes())
    return found.hexdigest()
