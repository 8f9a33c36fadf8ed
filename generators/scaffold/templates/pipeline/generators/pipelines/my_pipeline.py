"""My pipeline: draw examples, train a model, measure it on what was held out, and register it if it is accepted.

Annotations are real types here, not strings: kfp reads them.
"""

from kfp import dsl

from components.my_pipeline import component


@dsl.pipeline(name="my-pipeline", description="Train a model, measure it, and register it if it is accepted")
def my_pipeline(
    examples: int = 2000,
    distance: float = 2.0,
    seed: int = 7,
    accuracy_threshold: float = 0.6,
):
    """Draw examples, train, measure on held-out ones, and register the model if the gate accepts it.

    Args:
        examples: how many are drawn.
        distance: how many standard deviations lie between the two classes.
        seed: of the examples.
        accuracy_threshold: the least accuracy on held-out examples that the gate accepts.
    """
    prepared = component.prepare(examples=examples, distance=distance, seed=seed)
    trained = component.train(dataset=prepared.outputs["dataset"])
    evaluated = component.evaluate(dataset=prepared.outputs["dataset"], model=trained.outputs["model"])
    gated = component.gate(
        model=trained.outputs["model"],
        evaluation=evaluated.outputs["evaluation"],
        accuracy_threshold=accuracy_threshold,
    )
    with dsl.If(gated.outputs["accepted"] == True, name="accepted"):  # noqa: E712  (builds a condition of the pipeline)
        component.register(
            model=trained.outputs["model"], model_name=gated.outputs["model_name"], run_id=gated.outputs["run_id"]
        )
