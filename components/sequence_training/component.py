"""The steps of sequence training as KFP components: each wrapper only hands paths and values to the package in `src/`.

Annotations are real types here, not strings: kfp reads them when it makes a component of a function.
"""

from typing import NamedTuple

from kfp import dsl
from kfp.dsl import HTML, Artifact, Dataset, Input, Markdown, Metrics, Model, Output

IMAGE = "sequence-training"


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def download_dataset(uid: str, dataset: Output[Dataset]):
    """Fetch a data set by its uid from the object store."""
    from pathlib import Path

    from sequence_training.steps import transferring

    dataset.metadata.update(transferring.download_dataset(uid, Path(dataset.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def download_model(uid: str, model: Output[Model]):
    """Fetch a model by its uid from the object store."""
    from pathlib import Path

    from sequence_training.steps import transferring

    model.metadata.update(transferring.download_model(uid, Path(model.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def preprocess(
    raw: Input[Dataset],
    configuration: dict,
    dataset: Output[Dataset],
    evidence: Output[Artifact],
    metrics: Output[Metrics],
    report: Output[HTML],
):
    """Make a clean series of a logger's CSV."""
    from pathlib import Path

    from sequence_training.steps import preparing

    used, numbers = preparing.preprocess(
        Path(raw.path), raw.metadata, configuration, Path(dataset.path), Path(evidence.path), Path(report.path)
    )
    dataset.metadata.update(used)
    for name, value in numbers.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def upload_dataset(
    dataset: Input[Dataset], evidence: Input[Artifact], uid: str, summary: Output[Markdown]
) -> NamedTuple("Stored", [("digest", str), ("run_id", str)]):
    """Store a data set under a uid, and record the run."""
    from pathlib import Path

    from sequence_training.steps import releasing, transferring

    digest = transferring.upload(Path(dataset.path), "datasets", uid, Path(summary.path))
    return digest, releasing.record_preprocessing(Path(evidence.path), uid, digest)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def train(dataset: Input[Dataset], configuration: dict, model: Output[Model]):
    """Train the network from new weights."""
    from pathlib import Path

    from sequence_training.steps import learning

    used = learning.train(Path(dataset.path), dataset.metadata, configuration, Path(model.path))
    model.metadata.update(used)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def retrain(dataset: Input[Dataset], base: Input[Model], configuration: dict, model: Output[Model]):
    """Train a stored model on."""
    from pathlib import Path

    from sequence_training.steps import learning

    origin = {**dataset.metadata, **base.metadata}
    used = learning.retrain(Path(dataset.path), origin, Path(base.path), configuration, Path(model.path))
    model.metadata.update(used)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def evaluate(
    dataset: Input[Dataset],
    model: Input[Model],
    evaluation: Output[Artifact],
    metrics: Output[Metrics],
    report: Output[HTML],
):
    """Measure the model on the held-out future against persistence."""
    from pathlib import Path

    from sequence_training.steps import judging

    numbers = judging.evaluate(Path(dataset.path), Path(model.path), None, Path(evaluation.path), Path(report.path))
    for name, value in numbers.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def evaluate_retrained(
    dataset: Input[Dataset],
    model: Input[Model],
    base: Input[Model],
    evaluation: Output[Artifact],
    metrics: Output[Metrics],
    report: Output[HTML],
):
    """Measure the retrained model on the held-out future, against what it started from and persistence."""
    from pathlib import Path

    from sequence_training.steps import judging

    numbers = judging.evaluate(
        Path(dataset.path), Path(model.path), Path(base.path), Path(evaluation.path), Path(report.path)
    )
    for name, value in numbers.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def gate(
    dataset: Input[Dataset],
    model: Input[Model],
    evaluation: Input[Artifact],
    r2_threshold: float,
    metrics: Output[Metrics],
    summary: Output[Markdown],
) -> NamedTuple("Gated", [("accepted", bool), ("reason", str), ("model_name", str), ("run_id", str)]):
    """Record the run, and decide whether its model may become the champion."""
    from pathlib import Path

    from sequence_training.steps import releasing

    gated = releasing.gate(
        Path(dataset.path), Path(model.path), Path(evaluation.path), r2_threshold, Path(summary.path)
    )
    for name, value in gated.metrics.items():
        metrics.log_metric(name, value)
    return gated.accepted, gated.reason, gated.model_name, gated.run_id


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def upload_model(model: Input[Model], uid: str, summary: Output[Markdown]) -> str:
    """Store the accepted model under a uid; return its digest."""
    from pathlib import Path

    from sequence_training.steps import transferring

    return transferring.upload(Path(model.path), "models", uid, Path(summary.path))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def register(model: Input[Model], model_name: str, run_id: str, summary: Output[Markdown]) -> NamedTuple(
    "Registered", [("version", str), ("uri", str)]
):
    """Put the accepted model into the registry, and make it the champion."""
    from pathlib import Path

    from graft_steps import releasing

    return releasing.register(Path(model.path), model_name, run_id, Path(summary.path))
