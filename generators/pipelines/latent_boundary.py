"""Find the hyperplane of each attribute in a generator's latent space, so that pictures can be edited along it.

Annotations are real types here, not strings, and lists name their items' types: kfp reads them.
"""

from typing import List  # noqa: UP035  (kfp takes the item's type of a loop from typing's spelling)

from kfp import dsl
from kfp.dsl import Dataset

from components.latent_boundary import component

ATTRIBUTES = ["smile", "glasses", "hair"]


@dsl.pipeline(name="latent-boundary", description="Separate each attribute in a generator's latent space")
def latent_boundary(
    images: int = 4000,
    image_size: int = 256,
    shards: int = 4,
    attributes: List[str] = ATTRIBUTES,  # noqa: UP006
    chosen: float = 0.02,
    split_ratio: float = 0.7,
    generator: str = "linear",
    classifier: str = "templates",
    dataset_uri: str = "none",
    seed: int = 7,
    threshold: float = 0.9,
):
    """Sample and score pictures, or import such data; train, project and show boundaries; register them if accepted.

    Args:
        images: how many pictures are sampled.
        image_size: their width and height in pixels.
        shards: in how many parts they are sampled and scored; the result is the same for any number.
        attributes: what to find boundaries of; the classifier must know each of them.
        chosen: how many pictures of the highest scores, and of the lowest, a boundary is made of: below 1 a ratio of
            all, from 1 on the number; at most half of all.
        split_ratio: the share of them that is trained on; the others validate.
        generator: linear (fixed, with planted directions), or the path or URI of a pickled StyleGAN3.
        classifier: templates (reads the linear generator's faces), or the URI of a folder with a Keras network.
        dataset_uri: none, or the path or URI of latent codes with scores that are there already.
        seed: decides which pictures are sampled, and the split; the same seed gives the same boundaries.
        threshold: the least that the gate accepts of the lowest cosine with the planted directions, or, where no
            directions are planted, of the lowest validation accuracy.
    """
    with dsl.If(dataset_uri == "none", name="sampled"):
        planned = component.plan(
            seed=seed, images=images, shards=shards, attributes=attributes, generator=generator, classifier=classifier
        )
        with dsl.ParallelFor(planned.output, name="shards", parallelism=4) as seeds:
            sampled = component.sample(seeds=seeds, generator=generator, image_size=image_size)
            scored = component.score(pictures=sampled.outputs["pictures"], attributes=attributes, classifier=classifier)
        combined = component.combine(
            latents=dsl.Collected(sampled.outputs["latents"]),
            scores=dsl.Collected(scored.outputs["scores"]),
            seed=seed,
            images=images,
        )
        for step in (planned, sampled, scored, combined):
            step.set_caching_options(enable_caching=False)  # KFP fails a OneOf whose branch came from the cache
    with dsl.Else(name="existing"):
        imported = dsl.importer(artifact_uri=dataset_uri, artifact_class=Dataset)
        imported.set_display_name("import-dataset")
    dataset = dsl.OneOf(combined.outputs["dataset"], imported.output)

    with dsl.ParallelFor(attributes, name="attributes", parallelism=2) as attribute:
        boundary = component.train_boundary(
            dataset=dataset,
            attribute=attribute,
            chosen=chosen,
            split_ratio=split_ratio,
            seed=seed,
            generator=generator,
        )
    projected = component.project(
        dataset=dataset, boundaries=dsl.Collected(boundary.outputs["boundary"]), attributes=attributes
    )
    directions = projected.outputs["directions"]
    previewed = component.preview(
        dataset=dataset,
        results=projected.outputs["results"],
        directions=directions,
        generator=generator,
        classifier=classifier,
        image_size=image_size,
    )
    gated = component.gate(
        dataset=dataset,
        directions=directions,
        evaluation=previewed.outputs["evaluation"],
        threshold=threshold,
        dataset_uri=dataset_uri,
    )
    gated.set_caching_options(enable_caching=False)  # it records a run, and its champion is not among its inputs
    with dsl.If(gated.outputs["accepted"] == True, name="accepted"):  # noqa: E712  (builds a condition of the pipeline)
        registered = component.register(
            directions=directions, model_name=gated.outputs["model_name"], run_id=gated.outputs["run_id"]
        )
        registered.set_caching_options(enable_caching=False)  # what it does is outside its outputs
