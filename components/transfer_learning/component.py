"""The steps of transfer learning as KFP components: each wrapper only hands paths and values to the package in `src/`.

Annotations are real types here, not strings: kfp reads them when it makes a component of a function.
"""

from typing import List, NamedTuple  # noqa: UP035  (kfp takes the item's type of a list from typing's spelling)

from kfp import dsl
from kfp.dsl import HTML, Artifact, ClassificationMetrics, Dataset, Input, Markdown, Metrics, Model, Output

IMAGE = "transfer-learning"


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def fetch_data(data: str, seed: int, draws: int, examples_per_class: int, dataset: Output[Dataset]):
    """Get, split and check the data; its digest goes with it."""
    from pathlib import Path

    from transfer_learning.steps import fetching

    dataset.metadata.update(fetching.fetch_data(data, seed, draws, examples_per_class, Path(dataset.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def pretrain(
    dataset: Input[Dataset],
    backbone: str,
    input_size: int,
    optimizer: str,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    seed: int,
    model: Output[Model],
):
    """Train a backbone on the source classes."""
    from pathlib import Path

    from graft_steps.training import Training
    from transfer_learning import settings
    from transfer_learning.steps import learning

    how = Training.checked(optimizer, learning_rate, epochs, batch_size, seed)
    size = settings.size(input_size)
    facts = learning.pretrain(Path(dataset.path), backbone, size, how, Path(model.path))
    model.metadata.update(facts)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def load_imagenet(dataset: Input[Dataset], backbone: str, input_size: int, model: Output[Model]):
    """Build a backbone with the ImageNet weights that the image holds."""
    from pathlib import Path

    from transfer_learning import settings
    from transfer_learning.steps import learning

    size = settings.size(input_size)
    model.metadata.update(learning.load_imagenet(Path(dataset.path), backbone, size, Path(model.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def train(
    dataset: Input[Dataset],
    backbone: Input[Model],
    input_size: int,
    cut_layer: str,
    variant: List[dict],  # noqa: UP006
    trainable_layers: int,
    optimizer: str,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    seed: int,
    round_number: int,
    model: Output[Model],
    results: Output[Artifact],
):
    """Fit one variant in every draw, and the same network from scratch, twice as long as in the round before."""
    from pathlib import Path

    from graft_steps import places
    from graft_steps.training import Training
    from transfer_learning import settings
    from transfer_learning.steps import learning

    design = settings.design(input_size, cut_layer, trainable_layers, variant)
    how = learning.in_round(Training.checked(optimizer, learning_rate, epochs, batch_size, seed), round_number)
    source = places.artifact("backbone_weights", backbone.path, backbone.uri)
    origin = backbone.metadata or {"backbone_weights": backbone.uri}
    used = learning.train(Path(dataset.path), source, origin, design, how, Path(model.path), Path(results.path))
    model.metadata.update(used)
    results.metadata.update(used)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def evaluate(
    dataset: Input[Dataset],
    results: Input[Artifact],
    evaluation: Output[Artifact],
    metrics: Output[Metrics],
    confusion: Output[ClassificationMetrics],
    report: Output[HTML],
) -> float:
    """Measure one variant on held-out items; return the validation accuracy that `pick` chooses by."""
    from pathlib import Path

    from transfer_learning.steps import judging

    measured = judging.evaluate(Path(dataset.path), Path(results.path), Path(evaluation.path), Path(report.path))
    evaluation.metadata.update(measured.used)
    confusion.log_confusion_matrix(measured.classes, measured.confusion)
    for name, value in measured.metrics.items():
        metrics.log_metric(name, value)
    return measured.metrics["validation_accuracy"]


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def pick(
    validation_accuracies: List[float],  # noqa: UP006
    models: Input[List[Model]],  # noqa: UP006
    evaluations: Input[List[Artifact]],  # noqa: UP006
    target_accuracy: float,
    max_rounds: int,
    round_number: int,
    model: Output[Model],
    evaluation: Output[Artifact],
    model_before: Input[Model] = None,
    evaluation_before: Input[Artifact] = None,
) -> bool:
    """Choose the best variant of this round and those before by validation accuracy; say whether another follows."""
    from pathlib import Path

    from transfer_learning.steps import judging

    before = [Path(each.path) for each in (model_before, evaluation_before) if each is not None]
    paths = [[Path(each.path) for each in given] for given in (models, evaluations)]
    found = judging.candidates(validation_accuracies, *paths, before)
    picked = judging.pick(found, round_number, Path(model.path), Path(evaluation.path))
    for made in (model, evaluation):
        made.metadata.update(picked.used)
    return judging.goes_on(picked, target_accuracy, max_rounds)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def keep(
    model: Input[Model], evaluation: Input[Artifact], kept_model: Output[Model], kept_evaluation: Output[Artifact]
):
    """Hand on what one branch or the other has made: outside of them only a task can take it."""
    import shutil

    for given, kept in ((model, kept_model), (evaluation, kept_evaluation)):
        shutil.copytree(given.path, kept.path)
        kept.metadata.update(given.metadata)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def gate(
    dataset: Input[Dataset],
    model: Input[Model],
    evaluation: Input[Artifact],
    accuracy_threshold: float,
    metrics: Output[Metrics],
    summary: Output[Markdown],
) -> NamedTuple("Gated", [("accepted", bool), ("reason", str), ("model_name", str), ("run_id", str)]):
    """Record the run, and decide whether its model may become the champion."""
    from pathlib import Path

    from transfer_learning.steps import releasing

    gated = releasing.gate(
        Path(dataset.path), Path(model.path), Path(evaluation.path), accuracy_threshold, Path(summary.path)
    )
    for name, value in gated.metrics.items():
        metrics.log_metric(name, value)
    return gated.accepted, gated.reason, gated.model_name, gated.run_id


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def register(model: Input[Model], model_name: str, run_id: str, summary: Output[Markdown]) -> NamedTuple(
    "Registered", [("version", str), ("uri", str)]
):
    """Put the accepted model into storage and registry, and make it the champion."""
    from pathlib import Path

    from graft_steps import releasing

    return releasing.register(Path(model.path), model_name, run_id, Path(summary.path))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def predict(
    data: str, seed: int, model_name: str, predictions: Output[Dataset], metrics: Output[Metrics], report: Output[HTML]
) -> str:
    """Let the champion name the class of every image; return the version that did."""
    from pathlib import Path

    from transfer_learning.steps import predicting

    answered = predicting.predict(data, seed, model_name, Path(predictions.path), Path(report.path))
    predictions.metadata.update(answered.facts)
    for name, value in answered.metrics.items():
        metrics.log_metric(name, value)
    return answered.version
