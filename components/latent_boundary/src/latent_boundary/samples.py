"""What one shard samples: pictures with the latent code, the seed and a hash of each.

pictures.npy  uint8 [count, size, size, 3]      latents.npy  float32 [count, dimension]
seeds.npy     int64 [count]                     hashes.npy   uint64 [count]
sampled.json  what made them

One file for all pictures: an object store takes it in one transfer, and a step reads a picture at a time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError

from latent_boundary import files

if TYPE_CHECKING:
    from pathlib import Path

    from latent_boundary.generators import Generator


@dataclass(frozen=True)
class Samples:
    """A shard as it is read; pictures stay on the disk until they are looked at."""

    pictures: np.ndarray
    latents: np.ndarray
    seeds: np.ndarray
    hashes: np.ndarray
    facts: dict[str, Any]


def write(generator: Generator, seeds: range, size: int, folder: Path) -> int:
    """Sample a picture for each seed into `folder`; return how many different ones there are."""
    folder.mkdir(parents=True, exist_ok=True)
    latents = generator.latents(seeds)
    shape = (len(seeds), size, size, 3)
    pictures = np.lib.format.open_memmap(folder / "pictures.npy", "w+", np.uint8, shape)
    hashes = np.zeros(len(seeds), np.uint64)
    for row, picture in enumerate(generator.pictures(latents)):
        if picture.max() == picture.min():
            raise StepError(f"the picture of seed {seeds[row]} is of one single value; the generator is broken")
        pictures[row], hashes[row] = picture, fingerprint(picture)
    pictures.flush()
    different = _different(latents, hashes)
    np.save(folder / "latents.npy", latents.astype(np.float32))
    np.save(folder / "seeds.npy", np.array(seeds, np.int64))
    np.save(folder / "hashes.npy", hashes)
    files.write_facts(folder / "sampled.json", {"generator": generator.name, "image_size": size})
    return different


def read(folder: Path) -> Samples:
    """Read what `write` wrote; StepError where a part is missing, cut off or of another length."""
    found = Samples(
        files.array(folder / "pictures.npy", "u", 4),
        files.array(folder / "latents.npy", "f", 2),
        files.array(folder / "seeds.npy", "i", 1),
        files.array(folder / "hashes.npy", "u", 1),
        files.facts(folder / "sampled.json"),
    )
    lengths = {len(part) for part in (found.pictures, found.latents, found.seeds, found.hashes)}
    if len(lengths) > 1:
        raise StepError(f"{folder}: pictures, latent codes, seeds and hashes are of different lengths: {lengths}")
    return found


def fingerprint(picture: np.ndarray) -> int:
    """A number of 64 bits that tells pictures apart."""
    return int.from_bytes(hashlib.blake2b(picture.tobytes(), digest_size=8).digest(), "little")


def _different(latents: np.ndarray, hashes: np.ndarray) -> int:
    """How many different pictures there are; all of them but a few must be."""
    if not np.isfinite(latents).all():
        raise StepError("the generator gave latent codes that are not finite numbers")
    different = len(np.unique(hashes))
    if len(hashes) > 1 and different <= len(hashes) / 2:
        raise StepError(f"{len(hashes)} pictures, and only {different} different ones; the generator is broken")
    return different
