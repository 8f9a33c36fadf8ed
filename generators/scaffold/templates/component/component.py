"""The steps of my-pipeline as KFP components: each wrapper only hands paths and values to the package in `src/`.

Annotations are real types here, not strings: kfp reads them when it makes a component of a function.
"""

from typing import NamedTuple

from kfp import dsl
from kfp.dsl import HTML, Artifact, Dataset, Input, Markdown, Metrics, Model, Output

IMAGE = "my-pipeline"


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def prepare(examples: int, distance: float, seed: int, dataset: Output[Dataset]):
    """Draw the examples and split them; their digest goes with them."""
    from pathlib import Path

    from my_pipeline.steps import preparing

    dataset.metadata.update(preparing.prepare(examples, distance, seed, Path(dataset.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def train(dataset: Input[Dataset], model: Output[Model]):
    """Fit the model on the training part."""
    from pathlib import Path

    from my_pipeline.steps import learning

    model.metadata.update(learning.train(Path(dataset.path), dataset.metadata, Path(model.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def evaluate(
    dataset: Input[Dataset],
    model: Input[Model],
    evaluation: Output[Artifact],
    metrics: Output[Metrics],
    report: Output[HTML],
):
    """Measure the model on the held-out part against always naming the most frequent class."""
    from pathlib import Path

    from my_pipeline.steps import judging

    numbers = judging.evaluate(Path(dataset.path), Path(model.path), Path(evaluation.path), Path(report.path))
    for name, value in numbers.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def gate(
    model: Input[Model],
    evaluation: Input[Artifact],
    accuracy_threshold: float,
    metrics: Output[Metrics],
    summary: Output[Markdown],
) -> NamedTuple("Gated", [("accepted", bool), ("reason", str), ("model_name", str), ("run_id", str)]):
    """Record the run, and decide whether its model may become the champion."""
    from pathlib import Path

    from my_pipeline.steps import releasing

    gated = releasing.gate(Path(model.path), Path(evaluation.path), accuracy_threshold, Path(summary.path))
    for name, value in gated.metrics.items():
        metrics.log_metric(name, value)
    return gated.accepted, gated.reason, gated.model_name, gated.run_id


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def register(model: Input[Model], model_name: str, run_id: str, summary: Output[Markdown]) -> NamedTuple(
    "Registered", [("version", str), ("uri", str)]
):
    """Put the accepted model into the registry, and make it the champion."""
    from pathlib import Path

    from graft_steps import releasing

    return releasing.register(Path(model.path), model_name, run_id, Path(summary.path))
