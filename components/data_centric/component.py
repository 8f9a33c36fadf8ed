"""The steps of data-centric learning as KFP components: each wrapper only hands on paths and values to `src/`.

Annotations are real types here, not strings: kfp reads them when it makes a component of a function.
"""

from typing import NamedTuple

from kfp import dsl
from kfp.dsl import HTML, Artifact, ClassificationMetrics, Dataset, Input, Markdown, Metrics, Model, Output

IMAGE = "data-centric"


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def fetch_data(data: str, data_version: str, dataset: Output[Dataset]):
    """Fetch one version of the data from DVC; its digest goes with it."""
    from pathlib import Path

    from data_centric.steps import fetching

    dataset.metadata.update(fetching.fetch(data, data_version, Path(dataset.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def check_data(dataset: Input[Dataset], least_per_class: int, issues: Output[Artifact], metrics: Output[Metrics]):
    """Stop on data that are not fit: leaks, duplicates, broken files, classes that are too few."""
    from pathlib import Path

    from data_centric.steps import checking

    found = checking.check(Path(dataset.path), least_per_class, Path(issues.path))
    issues.metadata.update(dataset.metadata)
    for name, value in found.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def profile_data(
    dataset: Input[Dataset],
    issues: Input[Artifact],
    drift_limit: float,
    anomaly_limit: float,
    profile: Output[Artifact],
    metrics: Output[Metrics],
    report: Output[HTML],
):
    """Make statistics and schema; stop on anomalies and drift against the last good version."""
    from pathlib import Path

    from data_centric.steps import profiling

    version = dataset.metadata["data_version"]
    places = Path(dataset.path), Path(issues.path)
    found = profiling.profile(*places, version, drift_limit, anomaly_limit, Path(profile.path), Path(report.path))
    profile.metadata.update(dataset.metadata)
    for name, value in found.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def write_records(dataset: Input[Dataset], records: Output[Dataset]):
    """Write the images as TFRecord."""
    from pathlib import Path

    from data_centric.steps import recording

    records.metadata.update(recording.write_records(Path(dataset.path), dataset.metadata, Path(records.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def preprocess(records: Input[Dataset], views: int, seed: int, examples: Output[Dataset]):
    """Prepare the images for the network, with other views of those to learn from."""
    from pathlib import Path

    from data_centric.steps import preparing

    examples.metadata.update(preparing.preprocess(Path(records.path), views, seed, Path(examples.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def train(records: Input[Dataset], examples: Input[Dataset], epochs: int, model: Output[Model]):
    """Train the fixed network, and write it with its preprocessing inside."""
    from pathlib import Path

    from data_centric.steps import learning

    model.metadata.update(learning.train(Path(records.path), Path(examples.path), epochs, Path(model.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def evaluate(
    records: Input[Dataset],
    model: Input[Model],
    evaluation: Output[Artifact],
    errors: Output[Dataset],
    metrics: Output[Metrics],
    confusion: Output[ClassificationMetrics],
    report: Output[HTML],
):
    """Measure the model on the test, class by class, and list the images that it names otherwise than their labels."""
    from pathlib import Path

    from data_centric.steps import judging

    places = Path(evaluation.path), Path(errors.path), Path(report.path)
    measured = judging.evaluate(Path(records.path), Path(model.path), *places)
    evaluation.metadata.update(measured.used)
    errors.metadata.update(measured.used)
    confusion.log_confusion_matrix(measured.classes, measured.confusion)
    for name, value in measured.metrics().items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def gate(
    records: Input[Dataset],
    model: Input[Model],
    profile: Input[Artifact],
    evaluation: Input[Artifact],
    accuracy_threshold: float,
    metrics: Output[Metrics],
    summary: Output[Markdown],
    history: Output[HTML],
) -> NamedTuple(
    "Gated",
    [
        ("accepted", bool),
        ("reason", str),
        ("threshold", str),
        ("no_regression", str),
        ("model_name", str),
        ("run_id", str),
    ],
):
    """Give two verdicts, record the run, show the history, and decide whether the model may become the champion."""
    from pathlib import Path

    from data_centric.steps import releasing

    places = [Path(each.path) for each in (evaluation, records, model, profile)]
    blessed = releasing.gate(*places, accuracy_threshold, Path(summary.path), Path(history.path))
    gated = blessed.gated
    for name, value in gated.metrics.items():
        metrics.log_metric(name, value)
    verdicts = str(blessed.threshold), str(blessed.regression)
    return gated.accepted, gated.reason, *verdicts, gated.model_name, gated.run_id


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def register(model: Input[Model], model_name: str, run_id: str, summary: Output[Markdown]) -> NamedTuple(
    "Registered", [("version", str), ("uri", str)]
):
    """Put the accepted model into the registry, and make it the champion; nothing is deployed."""
    from pathlib import Path

    from graft_steps import releasing

    return releasing.register(Path(model.path), model_name, run_id, Path(summary.path))
