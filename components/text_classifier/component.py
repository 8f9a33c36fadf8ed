"""The steps of text-classifier as KFP components: each wrapper only hands paths and values to the package in `src/`.

`lightweight.py` makes the other build of the same functions. Annotations are real types here, not strings, and lists
name their items' types: kfp reads them.
"""

from typing import List, NamedTuple  # noqa: UP035  (kfp takes the item's type of a list from typing's spelling)

from kfp import dsl
from kfp.dsl import HTML, Artifact, ClassificationMetrics, Dataset, Input, Markdown, Metrics, Model, Output

IMAGE = "text-classifier"
LABELS = {}  # of the pods of every step, beside those of the environment


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def plan(
    conv_layers: int,
    filter_sizes: List[int],  # noqa: UP006
    filters: int,
    pool_strides: List[int],  # noqa: UP006
    dropout: float,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    patience: int,
    seed: int,
    search: dict,
    tfjob: dict,
) -> NamedTuple("Plan", [("network", dict), ("training", dict), ("searches", bool), ("trials", List[dict])]):  # noqa: UP006
    """Check the settings before anything runs; say which networks a search tries."""
    from text_classifier.steps import planning

    network = {
        "conv_layers": conv_layers,
        "filter_sizes": filter_sizes,
        "filters": filters,
        "pool_strides": pool_strides,
        "dropout": dropout,
    }
    training = {
        "learning_rate": learning_rate,
        "epochs": epochs,
        "batch_size": batch_size,
        "patience": patience,
        "seed": seed,
    }
    return planning.plan(network, training, search, tfjob)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def prepare(
    train_path: str,
    test_path: str,
    text_column: str,
    label_column: str,
    validation_share: float,
    split_seed: int,
    words: int,
    tokenizer_path: str,
    dataset: Output[Dataset],
    metrics: Output[Metrics],
):
    """Make training, validation and test parts of two CSV files, with a tokenizer of the training part."""
    from pathlib import Path

    from text_classifier.steps import preparing

    used, numbers = preparing.prepare(
        train_path,
        test_path,
        text_column,
        label_column,
        validation_share,
        split_seed,
        words,
        tokenizer_path,
        Path(dataset.path),
    )
    dataset.metadata.update(used)
    for name, value in numbers.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def check(dataset: Input[Dataset], limits: dict, metrics: Output[Metrics], report: Output[HTML]):
    """Stop the run where the texts have drifted, the test texts are others, or the labels are noisy."""
    from pathlib import Path

    from text_classifier.steps import checking

    for name, value in checking.check(Path(dataset.path), limits, Path(report.path)).items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def embed(
    dataset: Input[Dataset],
    word2vec_path: str,
    embedding_dimension: int,
    seed: int,
    embeddings: Output[Artifact],
    metrics: Output[Metrics],
):
    """Give each word of the vocabulary the vector that word2vec has of it."""
    from pathlib import Path

    from text_classifier.steps import embedding

    used, numbers = embedding.embed(Path(dataset.path), word2vec_path, embedding_dimension, seed, Path(embeddings.path))
    embeddings.metadata.update(used)
    for name, value in numbers.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def attempt(
    dataset: Input[Dataset],
    embeddings: Input[Artifact],
    network: dict,
    training: dict,
    result: Output[Artifact],
    metrics: Output[Metrics],
):
    """Train one network of the search, and measure it on the validation part."""
    from pathlib import Path

    from text_classifier.steps import learning, searching

    task = learning.Task.checked(Path(dataset.path), Path(embeddings.path), network, training, {})
    for name, value in searching.attempt(task, Path(result.path)).items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def pick(
    results: Input[List[Artifact]],  # noqa: UP006
    trials: List[dict],  # noqa: UP006
    metrics: Output[Metrics],
    report: Output[HTML],
) -> dict:
    """Pick the network with the lowest loss on the validation part."""
    from pathlib import Path

    from text_classifier.steps import searching

    network, numbers = searching.pick([Path(result.path) for result in results], len(trials), Path(report.path))
    for name, value in numbers.items():
        metrics.log_metric(name, value)
    return network


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def keep(network: dict) -> dict:
    """Take the network as it was given, where there is no search."""
    return network


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def train(
    dataset: Input[Dataset],
    embeddings: Input[Artifact],
    network: dict,
    training: dict,
    device: str,
    model: Output[Model],
):
    """Train in one process, on a CPU or a GPU."""
    from pathlib import Path

    from text_classifier.steps import learning

    task = learning.Task.checked(Path(dataset.path), Path(embeddings.path), network, training, embeddings.metadata)
    model.metadata.update(learning.train(task, device, Path(model.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def train_distributed(
    dataset: Input[Dataset],
    embeddings: Input[Artifact],
    network: dict,
    training: dict,
    tfjob: dict,
    tfjob_secrets: dict,
    workdir: str,
    model: Output[Model],
):
    """Train in several processes that share one network: the pods of a TFJob, or processes of this machine."""
    from pathlib import Path

    from text_classifier.steps import learning

    task = learning.Task.checked(Path(dataset.path), Path(embeddings.path), network, training, embeddings.metadata)
    used = learning.train_distributed(task, tfjob, tfjob_secrets, workdir, Path(model.path))
    model.metadata.update(used)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def evaluate(
    dataset: Input[Dataset],
    model: Input[Model],
    evaluation: Output[Artifact],
    metrics: Output[Metrics],
    confusion: Output[ClassificationMetrics],
    report: Output[HTML],
):
    """Measure the model on the test texts."""
    from pathlib import Path

    from text_classifier import evaluation as numbers
    from text_classifier.steps import judging

    results = judging.evaluate(Path(dataset.path), Path(model.path), Path(evaluation.path), Path(report.path))
    confusion.log_confusion_matrix(list(results["classes"]), results["confusion"])
    for name, value in numbers.metrics(results).items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def gate(
    dataset: Input[Dataset],
    model: Input[Model],
    evaluation: Input[Artifact],
    accuracy_threshold: float,
    owner: str,
    metrics: Output[Metrics],
    summary: Output[Markdown],
) -> NamedTuple("Gated", [("accepted", bool), ("reason", str), ("model_name", str), ("run_id", str)]):
    """Record the run, and decide whether its model may become the champion."""
    from pathlib import Path

    from text_classifier.steps import releasing

    gated = releasing.gate(
        Path(dataset.path), Path(model.path), Path(evaluation.path), accuracy_threshold, owner, Path(summary.path)
    )
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


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def record(
    dataset: Input[Dataset],
    model: Input[Model],
    owner: str,
    version: str,
    model_uri: str,
    run_id: str,
    metadata: Output[Artifact],
    summary: Output[Markdown],
):
    """Record owner, version, settings, times, URIs and digests of the registered model."""
    from pathlib import Path

    from text_classifier.steps import releasing

    uris = {"dataset": dataset.uri, "trained_model": model.uri}
    found = releasing.record(
        Path(model.path), uris, owner, version, model_uri, run_id, Path(metadata.path), Path(summary.path)
    )
    metadata.metadata.update({name: found[name] for name in ("owner", "version", "started", "finished")})


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def deploy(
    dataset: Input[Dataset],
    evaluation: Input[Artifact],
    model_uri: str,
    version: str,
    wait_seconds: int,
    metrics: Output[Metrics],
    summary: Output[Markdown],
) -> str:
    """Serve the registered model, and return where once it is ready and answers as it should."""
    from pathlib import Path

    from text_classifier.steps import deploying

    deployed = deploying.deploy(
        Path(dataset.path), Path(evaluation.path), model_uri, version, wait_seconds, Path(summary.path)
    )
    metrics.log_metric("answer_seconds", deployed.seconds)
    return deployed.url
