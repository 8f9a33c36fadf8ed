"""Conditional directions: what is left of a boundary's normal without the components along the other boundaries.

Moving along it changes its own attribute and keeps the distance to every other boundary. For one other boundary it is
`n1 - (n1 . n2) n2` of InterFaceGAN (Shen et al., CVPR 2020, section 3.2); for more, its authors subtract the projection
onto the space that the others span, which is what is done here for any number of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 0.05  # of a unit vector: less left over is made of the errors of the others


def conditional(normals: np.ndarray, attributes: Sequence[str]) -> np.ndarray:
    """Unit vectors, float32 [k, dimension], each orthogonal to all other rows of `normals`, [k, dimension]."""
    exact = normals.astype(np.float64)
    found = [_without(exact[row], np.delete(exact, row, axis=0)) for row in range(len(exact))]
    lengths = np.linalg.norm(found, axis=1)
    if lost := [name for name, length in zip(attributes, lengths, strict=True) if length < LEAST]:
        raise StepError(
            f"attributes: nothing is left of {', '.join(lost)} without the other boundaries; these attributes are one "
            "and the same to the classifier, so leave one of them out"
        )
    return (np.array(found) / lengths[:, None]).astype(np.float32)


def _without(normal: np.ndarray, others: np.ndarray) -> np.ndarray:
    """What is left of a vector beside the space that `others` span, by least squares."""
    if not len(others):
        return normal
    shares, *_ = np.linalg.lstsq(others.T, normal, rcond=None)
    return normal - others.T @ shares
