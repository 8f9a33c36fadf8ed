"""Loads the edits of latent codes for MLflow; a copy of this file stands beside each such model, in `code/`.

Needs NumPy alone.
"""

from pathlib import Path

import numpy as np

FILE = "directions.npz"  # attributes [k], conditional [k, dimension], boundaries [k, dimension], offsets [k]


def _load_pyfunc(path):
    """The model in the folder `path`; MLflow calls this."""
    return LatentEditor(path)


class LatentEditor:
    """Takes a DataFrame of latent (a list of numbers), attribute (a name) and distance, a row an edit."""

    def __init__(self, path):
        with np.load(Path(path) / FILE, allow_pickle=False) as stored:
            self.attributes = stored["attributes"].tolist()
            self.directions = stored["conditional"]

    def predict(self, data, params=None):
        """The edited latent codes, float32 [rows, dimension]: each at its distance from its attribute's boundary."""
        latents = np.array([np.asarray(code, np.float32) for code in data["latent"]])
        if latents.ndim != 2 or latents.shape[1] != self.directions.shape[1]:
            raise ValueError(f"latent: every code must have {self.directions.shape[1]} values")
        unknown = sorted(set(data["attribute"]) - set(self.attributes))
        if unknown:
            raise ValueError(f"attribute: {', '.join(unknown)} is not known; allowed: {', '.join(self.attributes)}")
        rows = [self.attributes.index(name) for name in data["attribute"]]
        return moved(latents, self.directions[rows], np.asarray(data["distance"], np.float32))


def moved(latents, directions, distances):
    """Latent codes [n, d] moved along unit directions, [n, d] or [d], until they lie at these signed distances [n]."""
    there = (latents * directions).sum(axis=-1)
    return (latents + (np.asarray(distances) - there)[..., None] * directions).astype(np.float32)
