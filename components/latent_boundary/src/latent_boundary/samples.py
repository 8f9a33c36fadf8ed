"""What one shard samples: pictures for the classifier, and the latent code of each for what follows.

pictures/  pictures.npy  uint8 [count, size, size, 3]      seeds.npy  int64 [count]      sampled.json  what made them
latents/   latents.npy   float32 [count, dimension]        seeds.npy  int64 [count]      sampled.json
           hashes.npy    uint64 [count], of the pictures

Two folders, since pictures are large, and only the classifier takes them. One file for all pictures: an object store
takes it in one transfer, and a step reads a picture at a time.
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
class Pictures:
    """A shard's pictures as they are read; they stay on the disk until they are looked at."""

    images: np.ndarray
    seeds: np.ndarray
    facts: dict[str, Any]


@dataclass(frozen=True)
class Codes:
    """A shard's latent codes as they are read, with the hash of each code's picture."""

    latents: np.ndarray
    seeds: np.ndarray
    hashes: np.ndarray
    facts: dict[str, Any]


def write(generator: Generator, seeds: range, size: int, pictures: Path, latents: Path) -> int:
    """Sample a picture for each seed into two folders; return how many different ones there are."""
    codes = generator.latents(seeds)
    if not np.isfinite(codes).all():
        raise StepError("the generator gave latent codes that are not finite numbers")
    for folder in (pictures, latents):
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "seeds.npy", np.array(seeds, np.int64))
        files.write_facts(folder / "sampled.json", {"generator": generator.name, "image_size": size})
    hashes = _write_pictures(generator, codes, seeds, size, pictures / "pictures.npy")
    np.save(latents / "latents.npy", codes.astype(np.float32))
    np.save(latents / "hashes.npy", hashes)
    return _different(hashes)


def read_pictures(folder: Path) -> Pictures:
    """Read what the classifier needs; StepError where a part is missing, cut off or of another length."""
    found = Pictures(
        files.array(folder / "pictures.npy", "u", 4),
        files.array(folder / "seeds.npy", "i", 1),
        files.facts(folder / "sampled.json"),
    )
    files.check_lengths(folder, pictures=found.images, seeds=found.seeds)
    return found


def read_codes(folder: Path) -> Codes:
    """Read what boundaries need; StepError where a part is missing, cut off or of another length."""
    found = Codes(
        files.array(folder / "latents.npy", "f", 2),
        files.array(folder / "seeds.npy", "i", 1),
        files.array(folder / "hashes.npy", "u", 1),
        files.facts(folder / "sampled.json"),
    )
    files.check_lengths(folder, latents=found.latents, seeds=found.seeds, hashes=found.hashes)
    return found


def fingerprint(picture: np.ndarray) -> int:
    """A number of 64 bits that tells pictures apart."""
    return int.from_bytes(hashlib.blake2b(picture.tobytes(), digest_size=8).digest(), "little")


def _write_pictures(generator: Generator, codes: np.ndarray, seeds: range, size: int, file: Path) -> np.ndarray:
    """Write one picture after the other, so that memory holds one at a time; return the hash of each."""
    pictures = np.lib.format.open_memmap(file, "w+", np.uint8, (len(seeds), size, size, 3))
    hashes = np.zeros(len(seeds), np.uint64)
    for row, picture in enumerate(generator.pictures(codes)):
        if picture.max() == picture.min():
            raise StepError(f"the picture of seed {seeds[row]} is of one single value; the generator is broken")
        pictures[row], hashes[row] = picture, fingerprint(picture)
    pictures.flush()
    return hashes


def _different(hashes: np.ndarray) -> int:
    """How many different pictures there are; more than half of them must be."""
    different = len(np.unique(hashes))
    if len(hashes) > 1 and different <= len(hashes) / 2:
        raise StepError(f"{len(hashes)} pictures, and only {different} different ones; the generator is broken")
    return different
