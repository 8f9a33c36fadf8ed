"""What the steps of all pipelines share: checked values, records, registry, gate, statistics, plots, stores, serving.

It knows nothing of KFP, nor of any one pipeline. A module imports its heavy package at its top, so a step pays only for
what it uses: `records` and `registry` MLflow, `plots` Matplotlib, `statistics` statsmodels, `tensorflow_runtime`
TensorFlow, `serving` KServe, and `object_store` boto3 where the store is one that speaks S3.
"""

from __future__ import annotations


def say(line: str) -> None:
    """Print one line of a step's progress at once."""
    print(line, flush=True)
