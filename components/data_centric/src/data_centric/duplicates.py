"""Images that are the same as another, or nearly: exact by their pixels, near by cleanvision's hash and by correlation.

cleanvision calls two images near duplicates where their perceptual hashes (8x8) are equal; a re-encoding or a little
noise changes that hash. So the images themselves are compared too, each against the light around it, moved by up to one
pixel of 64: what correlates by more than `SAME` is one picture twice.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

import numpy as np
from cleanvision import Imagelab
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SAME = 0.98
_SIDE = 64
_ROWS = 1000  # compared at once: 4 MB a shift
_SHIFTS = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
EXACT, NEAR = "exact_duplicates", "near_duplicates"
Sets = list[list[str]]


def survey(folder: Path, images: Sequence[str]) -> tuple[Sets, Sets, dict[str, list[str]]]:
    """Sets of exact duplicates, sets of near ones, and the images with other issues, by cleanvision's names."""
    lab = Imagelab(filepaths=[str(folder / image) for image in images], verbose=False)
    with contextlib.redirect_stderr(io.StringIO()):  # its progress bars are not for a log
        lab.find_issues(n_jobs=1, verbose=False)
    names = {str(folder / image): image for image in images}
    sets = {kind: [sorted(names[file] for file in group) for group in lab.info[kind]["sets"]] for kind in (EXACT, NEAR)}
    issues = {}
    for column in lab.issues.columns:
        kind = column.removeprefix("is_").removesuffix("_issue")
        if column.startswith("is_") and kind not in (EXACT, NEAR, "grayscale") and lab.issues[column].any():
            issues[kind] = [names[file] for file in lab.issues.index[lab.issues[column]]]
    exact = sorted(sets[EXACT])
    same = {frozenset(group) for group in exact}
    near = joined([*sets[NEAR], *correlated(folder, images)])
    return exact, [group for group in near if frozenset(group) not in same], issues


def correlated(folder: Path, images: Sequence[str], above: float = SAME) -> list[tuple[str, str]]:
    """The pairs of images that correlate by more than `above`."""
    views = np.stack([_view(folder / image) for image in images])
    moved = [_normal(np.roll(views, shift, axis=(1, 2))) for shift in _SHIFTS]
    base, pairs = _normal(views), []
    for start in range(0, len(base), _ROWS):
        block = base[start : start + _ROWS]
        best = np.max([block @ other[start:].T for other in moved], axis=0)
        rows, columns = np.nonzero(np.triu(best, 1) > above)
        pairs += [(images[start + row], images[start + column]) for row, column in zip(rows, columns, strict=True)]
    return pairs


def joined(groups: Iterable[Sequence[str]]) -> Sets:
    """Groups that share an image put together."""
    found: list[set[str]] = []
    for group in groups:
        touching = [each for each in found if each & set(group)]
        found = [each for each in found if each not in touching] + [set(group).union(*touching)]
    return sorted(sorted(each) for each in found)


def _view(file: Path) -> np.ndarray:
    """An image against the light around it, [64, 64]."""
    with Image.open(file) as opened:
        grey = opened.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    fine, around = grey.filter(ImageFilter.GaussianBlur(1.0)), grey.filter(ImageFilter.BoxBlur(12))
    return np.asarray(fine, np.float32) - np.asarray(around, np.float32)


def _normal(views: np.ndarray) -> np.ndarray:
    """Half as large, [n, 1024], of mean 0 and length 1 each."""
    halved = views.reshape(len(views), _SIDE // 2, 2, _SIDE // 2, 2).mean(axis=(2, 4)).reshape(len(views), -1)
    halved = halved - halved.mean(axis=1, keepdims=True)
    return halved / np.maximum(np.linalg.norm(halved, axis=1, keepdims=True), 1e-6)
