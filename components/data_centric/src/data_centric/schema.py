"""What a good version's data look like, as a schema; what of another version does not fit it; how far it has drifted.

The schema is inferred from the statistics of the training part and kept with the champion in MLflow, so each version is
held against the last one that was good. Drift is the L-infinity distance of two distributions: the largest difference
of the shares of any label or bin, as TensorFlow Data Validation has it (https://www.tensorflow.org/tfx/data_validation).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data_centric.dataset import Row
    from data_centric.features import Measures

MARGIN = 0.25  # of the range that was seen, on either side
PART = "train"


@dataclass(frozen=True)
class Anomaly:
    """Images of one part that one rule of the schema does not allow, and their share of the part."""

    feature: str
    part: str
    rule: str
    images: list[str]
    share: float

    def __str__(self) -> str:
        return f"{self.part}: {self.feature} {self.rule} in {len(self.images)} images ({self.share:.1%})"


def infer(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """The schema: which labels there are, and the range of each feature with a margin."""
    found = statistics[PART]
    ranges = {}
    for name, of in found["features"].items():
        margin = MARGIN * max(of["most"] - of["least"], 0.05 * abs(of["most"]))
        ranges[name] = {"low": of["least"] - margin, "high": of["most"] + margin}
    return {"labels": sorted(found["labels"]), "ranges": ranges}


def anomalies(rows: Sequence[Row], measured: Measures, schema: Mapping[str, Any]) -> list[Anomaly]:
    """What a schema does not allow, a finding for each part and rule."""
    found = []
    for part in dict.fromkeys(row.part for row in rows):
        of_part = np.array([row.part == part for row in rows])
        unknown = np.array([row.label not in schema["labels"] for row in rows])
        found += _anomaly(rows, of_part, unknown, "label", part, f"is none of {', '.join(schema['labels'])}")
        for name, allowed in schema["ranges"].items():
            outside = (measured[name] < allowed["low"]) | (measured[name] > allowed["high"])
            rule = f"is outside {allowed['low']:.3g} to {allowed['high']:.3g}"
            found += _anomaly(rows, of_part, outside, name, part, rule)
    return found


def distances(statistics: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, float]:
    """The L-infinity distance of two parts, feature to 0 (the same) to 1; `label` is one of the features."""
    names = sorted({*statistics["labels"], *others["labels"]})
    columns = {"label": [np.array([each["labels"].get(name, 0) for name in names]) for each in (statistics, others)]}
    for name in statistics["features"]:
        columns[name] = [np.array(each["features"][name]["histogram"]) for each in (statistics, others)]
    return {name: l_infinity(*counts) for name, counts in columns.items()}


def l_infinity(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference of two distributions' shares, given as counts."""
    return float(np.abs(one / one.sum() - other / other.sum()).max())


def as_json(found: Sequence[Anomaly]) -> list[dict[str, Any]]:
    """Plain values."""
    return [asdict(each) for each in found]


def _anomaly(
    rows: Sequence[Row], of_part: np.ndarray, wrong: np.ndarray, feature: str, part: str, rule: str
) -> list[Anomaly]:
    images = [row.image for row, one, other in zip(rows, of_part, wrong, strict=True) if one and other]
    return [Anomaly(feature, part, rule, images, len(images) / int(of_part.sum()))] if images else []
