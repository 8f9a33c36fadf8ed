"""Swap the hidden layers of a network by parameters, and train it again for another task.

Annotations are real types here, not strings, and lists name their items' types: kfp reads them.
"""

from typing import Any, List  # noqa: UP035  (kfp takes the item's type of a loop from typing's spelling)

from kfp import dsl
from kfp.dsl import Model

from components.transfer_learning import component

VARIANTS = [
    [{"units": 64, "activation": "relu", "dropout": 0.2}],
    [{"units": 128, "activation": "relu", "dropout": 0.5}, {"units": 32, "activation": "relu", "dropout": 0.0}],
]
MOST_ROUNDS = 3  # KFP knows no recursion: so many rounds are written out, one inside the condition of the other


@dsl.pipeline(name="transfer-learning", description="Pretrain or import a backbone, retrain its head for a new task")
def transfer_learning(
    data: str = "speakers",
    draws: int = 6,
    examples_per_class: int = 3,
    backbone: str = "small_cnn",
    backbone_weights: str = "none",
    pretrain_epochs: int = 10,
    input_size: int = 32,
    cut_layer: str = "features",
    variants: List[List[dict]] = VARIANTS,  # noqa: UP006
    trainable_layers: int = 1,
    optimizer: str = "adam",
    learning_rate: float = 0.003,
    epochs: int = 60,
    batch_size: int = 16,
    seed: int = 7,
    target_accuracy: float = 0.6,
    max_rounds: int = 2,
    accuracy_threshold: float = 0.5,
):
    """Train every variant from a backbone and from scratch, in rounds; register the best if the gate accepts it.

    Args:
        data: speakers (invented, seeded), digits (scikit-learn's), or the path or file URI of a folder of images,
            source/<class>/ and target/<class>/; pictures named <recording>__<anything> are slices of one recording.
        draws: how many disjoint draws of the target task transfer and scratch are compared on.
        examples_per_class: recordings a class to train the target task on, in each draw.
        backbone: small_cnn, or the name of a network of keras.applications.
        backbone_weights: none (pretrained on the source classes), imagenet (where the image holds the weights), or
            the URI of a .keras file.
        pretrain_epochs: passes over the source classes, where the backbone is pretrained.
        input_size: width and height of what the network takes; images are resized inside the model.
        cut_layer: the layer of the backbone that the new head stands on; features is its last.
        variants: stacks of hidden layers to choose from, each layer {units, activation, dropout}.
        trainable_layers: how many of the backbone's last layers learn in the second phase.
        optimizer: the name of a Keras optimizer, for pretraining, transfer and scratch alike.
        learning_rate: its step size.
        epochs: passes over the target task; transfer spends the first half of them with the backbone frozen.
        batch_size: items a step.
        seed: decides data, split, new weights, dropout and order; the same seed gives the same metric.
        target_accuracy: the validation accuracy that the search for a variant is content with.
        max_rounds: how many rounds it may take at most, 1 to 3; each trains twice as long as the one before.
        accuracy_threshold: the least accuracy on test items that the gate accepts.
    """
    fetched = component.fetch_data(data=data, seed=seed, draws=draws, examples_per_class=examples_per_class)
    dataset = fetched.outputs["dataset"]

    with dsl.If(backbone_weights == "none", name="weights-none"):
        pretrained = component.pretrain(
            dataset=dataset,
            backbone=backbone,
            input_size=input_size,
            optimizer=optimizer,
            learning_rate=learning_rate,
            epochs=pretrain_epochs,
            batch_size=batch_size,
            seed=seed,
        )
    with dsl.Elif(backbone_weights == "imagenet", name="weights-imagenet"):
        built_in = component.load_imagenet(dataset=dataset, backbone=backbone, input_size=input_size)
    with dsl.Else(name="weights-uri"):
        imported = dsl.importer(artifact_uri=backbone_weights, artifact_class=Model)
        imported.set_display_name("import-backbone")
    for branch in (pretrained, built_in):
        branch.set_caching_options(enable_caching=False)  # KFP fails a OneOf whose branch came from the cache
    weights = dsl.OneOf(pretrained.outputs["model"], built_in.outputs["model"], imported.output)

    def search(number: int, **before: Any) -> dict[str, Any]:
        """The best model and evaluation of this round and, where it falls short of the target, of those after it."""
        with dsl.ParallelFor(variants, name="variants", parallelism=2) as variant:
            trained = component.train(
                dataset=dataset,
                backbone=weights,
                input_size=input_size,
                cut_layer=cut_layer,
                variant=variant,
                trainable_layers=trainable_layers,
                optimizer=optimizer,
                learning_rate=learning_rate,
                epochs=epochs,
                batch_size=batch_size,
                seed=seed,
                round_number=number,
            ).set_display_name("train")
            evaluated = component.evaluate(dataset=dataset, results=trained.outputs["results"])
            evaluated.set_display_name("evaluate")
        picked = component.pick(
            validation_accuracies=dsl.Collected(evaluated.outputs["Output"]),
            models=dsl.Collected(trained.outputs["model"]),
            evaluations=dsl.Collected(evaluated.outputs["evaluation"]),
            target_accuracy=target_accuracy,
            max_rounds=max_rounds,
            round_number=number,
            **{f"{name}_before": artifact for name, artifact in before.items()},
        ).set_display_name("pick")
        for task in (trained, evaluated, picked) if number > 1 else ():
            task.set_caching_options(enable_caching=False)  # KFP fails a OneOf whose branch came from the cache
        best = {name: picked.outputs[name] for name in ("model", "evaluation")}
        if number == MOST_ROUNDS:
            return best
        with dsl.If(picked.outputs["Output"] == True, name=f"round-{number + 1}"):  # noqa: E712
            later = search(number + 1, **best)
        with dsl.Else(name="enough"):
            kept = component.keep(**best).set_display_name("keep-round").set_caching_options(enable_caching=False)
        chosen = {name: dsl.OneOf(artifact, kept.outputs[f"kept_{name}"]) for name, artifact in later.items()}
        settled = component.keep(**chosen).set_display_name("keep-best").set_caching_options(enable_caching=False)
        return {name: settled.outputs[f"kept_{name}"] for name in best}

    best = search(1)
    gated = component.gate(
        dataset=dataset,
        model=best["model"],
        evaluation=best["evaluation"],
        accuracy_threshold=accuracy_threshold,
    )
    gated.set_caching_options(enable_caching=False)  # it records a run, and its champion is not among its inputs
    with dsl.If(gated.outputs["accepted"] == True, name="accepted"):  # noqa: E712  (builds a condition of the pipeline)
        registered = component.register(
            model=best["model"], model_name=gated.outputs["model_name"], run_id=gated.outputs["run_id"]
        )
        registered.set_caching_options(enable_caching=False)  # what it does is outside its outputs
