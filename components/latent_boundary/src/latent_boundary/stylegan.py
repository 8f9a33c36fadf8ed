"""The door to a pickled StyleGAN3: its generator `G_ema`, with latent codes in W, where its attributes lie apart.

Such a file pickles objects of NVIDIA's own code (https://github.com/NVlabs/stylegan3), so an image that opens it must
hold PyTorch and that repository's `dnnlib` and `torch_utils`. Reading a pickle runs what stands in it: only name files
that you would run.
"""

from __future__ import annotations

import importlib.util
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NEEDED = ("torch", "dnnlib", "torch_utils")


class StyleGAN3:
    """A pickled generator; its pictures must have `size` pixels, as it cannot make them in another size."""

    def __init__(self, name: str, file: Path, size: int) -> None:
        _check_packages(name)
        import torch

        self.name, self._torch = name, torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._network = _unpickled(name, file).eval().requires_grad_(False).to(self._device)
        _check_network(name, self._network, size)
        self.dimension = int(self._network.w_dim)

    def latents(self, seeds: Iterable[int]) -> np.ndarray:
        """Codes in W of standard normal z, each from its own seed, float32 [count, dimension]."""
        z = np.array([np.random.default_rng(seed).standard_normal(self._network.z_dim, np.float32) for seed in seeds])
        codes = [self._network.mapping(self._tensor(code[None]), None)[:, 0].cpu().numpy() for code in z]
        return np.concatenate(codes)

    def pictures(self, latents: np.ndarray) -> Iterator[np.ndarray]:
        """Pictures with constant noise, so that a latent code alone decides its picture."""
        for code in latents:
            layers = self._tensor(code[None]).unsqueeze(1).repeat(1, self._network.num_ws, 1)
            values = self._network.synthesis(layers, noise_mode="const")[0].permute(1, 2, 0)
            yield (values * 127.5 + 128).clamp(0, 255).to(self._torch.uint8).cpu().numpy()

    def _tensor(self, values: np.ndarray) -> Any:
        return self._torch.from_numpy(np.array(values, np.float32)).to(self._device)


def _check_packages(name: str) -> None:
    missing = [package for package in NEEDED if importlib.util.find_spec(package) is None]
    if missing:
        raise StepError(
            f"generator: {name!r} is a pickled StyleGAN3, and the image lacks {', '.join(missing)}. Build the "
            "component's image with PyTorch and with dnnlib and torch_utils of github.com/NVlabs/stylegan3 on "
            "PYTHONPATH, or set generator to linear."
        )


def _check_network(name: str, network: Any, size: int) -> None:
    if network.img_resolution != size:
        made = network.img_resolution
        raise StepError(f"image_size: {name} makes pictures of {made} pixels; set image_size to {made}")
    if network.c_dim or network.img_channels != 3:
        raise StepError(
            f"generator: {name} takes {network.c_dim} labels and makes {network.img_channels} channels; only "
            "generators of colour pictures without labels are sampled"
        )


def _unpickled(name: str, file: Path) -> Any:
    try:
        with file.open("rb") as stream:
            return pickle.load(stream)["G_ema"]
    except Exception as problem:  # a pickle raises whatever its content does
        raise StepError(f"generator: {name!r} is not a pickled StyleGAN3 with a G_ema: {problem!r}") from problem
