"""Let the champion of transfer-learning answer a batch of images.

Annotations are real types here, not strings: kfp reads them.
"""

from kfp import dsl

from components.transfer_learning import component


@dsl.pipeline(name="transfer-learning-predict", description="Answer a batch of images by the champion")
def transfer_learning_predict(data: str = "speakers", seed: int = 7, model: str = "transfer-learning-speakers"):
    """Name the class of every image by the version that bears the alias champion when it runs.

    Args:
        data: the path or file URI of a folder of images; speakers or digits answer what a run of that seed tests on.
        seed: the seed of that run.
        model: the name of the model in MLflow's registry.
    """
    predicted = component.predict(data=data, seed=seed, model_name=model)
    predicted.set_caching_options(enable_caching=False)  # who the champion is, is not among its inputs
