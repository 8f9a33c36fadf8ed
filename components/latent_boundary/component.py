"""The steps of latent-boundary as KFP components: each wrapper only hands paths and values to the package in `src/`.

Sampler and classifier are container components, which run a command line of the package in the same image. Annotations
are real types here, not strings: kfp reads them when it makes a component of a function.
"""

from typing import List, NamedTuple  # noqa: UP035  (kfp takes the item's type of a list from typing's spelling)

from kfp import dsl
from kfp.dsl import HTML, Artifact, ClassificationMetrics, Dataset, Input, Markdown, Metrics, Model, Output

IMAGE = "latent-boundary"


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def plan(
    seed: int,
    images: int,
    shards: int,
    attributes: List[str],  # noqa: UP006
    generator: str,
    classifier: str,
) -> List[str]:  # noqa: UP006
    """Check what the sampling rests on; return a range of seeds for each shard."""
    from latent_boundary.steps import sampling

    return sampling.plan(seed, images, shards, attributes, generator, classifier)


@dsl.container_component
def sample(seeds: str, generator: str, image_size: int, pictures: Output[Dataset], latents: Output[Dataset]):
    """Sample the pictures of one shard, with their latent codes."""
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["python", "-m", "latent_boundary.sample"],
        args=[
            *["--seeds", seeds, "--generator", generator, "--image-size", image_size],
            *["--pictures", pictures.path, "--latents", latents.path],
        ],
    )


@dsl.container_component
def score(
    pictures: Input[Dataset],
    attributes: List[str],  # noqa: UP006
    classifier: str,
    scores: Output[Dataset],
):
    """Give every picture of one shard a score for each attribute."""
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["python", "-m", "latent_boundary.score"],
        args=[
            *["--pictures", pictures.path, "--attributes", attributes],
            *["--classifier", classifier, "--scores", scores.path],
        ],
    )


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def combine(
    latents: Input[List[Dataset]],  # noqa: UP006
    scores: Input[List[Dataset]],  # noqa: UP006
    seed: int,
    images: int,
    dataset: Output[Dataset],
):
    """Bring the shards together in the order of the seeds, each picture once."""
    from pathlib import Path

    from latent_boundary.steps import sampling

    codes, scored = ([Path(each.path) for each in several] for several in (latents, scores))
    dataset.metadata.update(sampling.combine(codes, scored, seed, images, Path(dataset.path)))


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def train_boundary(
    dataset: Input[Dataset],
    attribute: str,
    chosen: float,
    split_ratio: float,
    seed: int,
    generator: str,
    boundary: Output[Artifact],
    metrics: Output[Metrics],
    confusion: Output[ClassificationMetrics],
):
    """Find the hyperplane that separates one attribute."""
    from pathlib import Path

    from graft_steps import places
    from latent_boundary.steps import training

    how = training.How(chosen, split_ratio, seed, generator)
    data = places.artifact("dataset_uri", dataset.path, dataset.uri)
    measured = training.train(data, attribute, how, Path(boundary.path))
    confusion.log_confusion_matrix(training.CLASSES, measured.confusion)
    for name, value in measured.metrics.items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def project(
    dataset: Input[Dataset],
    boundaries: Input[List[Artifact]],  # noqa: UP006
    attributes: List[str],  # noqa: UP006
    directions: Output[Model],
    results: Output[Artifact],
):
    """Free every boundary of the components along the others; what results is the model."""
    from pathlib import Path

    from graft_steps import places
    from latent_boundary.steps import projecting

    data, folders = places.artifact("dataset_uri", dataset.path, dataset.uri), [Path(each.path) for each in boundaries]
    used = projecting.project(data, folders, attributes, Path(directions.path), Path(results.path))
    directions.metadata.update(used)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def preview(
    dataset: Input[Dataset],
    results: Input[Artifact],
    directions: Input[Model],
    generator: str,
    classifier: str,
    image_size: int,
    evaluation: Output[Artifact],
    metrics: Output[Metrics],
    report: Output[HTML],
):
    """Draw edits along every direction, and measure in pictures what they change."""
    from pathlib import Path

    from graft_steps import places
    from latent_boundary.steps import previewing

    data, look = places.artifact("dataset_uri", dataset.path, dataset.uri), (generator, classifier, image_size)
    paths = [Path(each.path) for each in (results, directions, evaluation, report)]
    for name, value in previewing.preview(data, *paths[:2], previewing.Look(*look), *paths[2:]).items():
        metrics.log_metric(name, value)


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def gate(
    dataset: Input[Dataset],
    directions: Input[Model],
    evaluation: Input[Artifact],
    threshold: float,
    dataset_uri: str,
    metrics: Output[Metrics],
    summary: Output[Markdown],
) -> NamedTuple("Gated", [("accepted", bool), ("reason", str), ("model_name", str), ("run_id", str)]):
    """Record the run, and decide whether its directions may become the champion."""
    from pathlib import Path

    from graft_steps import places
    from latent_boundary.steps import releasing

    data = places.artifact("dataset_uri", dataset.path, dataset.uri)
    paths = [Path(each.path) for each in (directions, evaluation, summary)]
    gated = releasing.gate(data, *paths[:2], threshold, dataset_uri, paths[2])
    for name, value in gated.metrics.items():
        metrics.log_metric(name, value)
    return gated.accepted, gated.reason, gated.model_name, gated.run_id


@dsl.component(base_image=IMAGE, install_kfp_package=False)
def register(directions: Input[Model], model_name: str, run_id: str, summary: Output[Markdown]) -> NamedTuple(
    "Registered", [("version", str), ("uri", str)]
):
    """Put the accepted directions into storage and registry, and make them the champion."""
    from pathlib import Path

    from graft_steps import releasing

    return releasing.register(Path(directions.path), model_name, run_id, Path(summary.path))
