"""Train a stored model on, with newer data or at another learning rate: download, retrain, measure, upload.

Annotations are real types here, not strings: kfp reads them.
"""

from kfp import dsl, kubernetes

from components.sequence_training import component

RUN_ID = "{{workflow.uid}}"  # KFP and Argo put the run's own id in its place
CONFIGURATION = {
    "learning_rate": 0.001,
    "epochs": 6,
    "batch_size": 32,
    "stride": 1,
    "patience": 3,
    "validation_share": 0.15,
    "test_share": 0.25,
    "seed": 7,
}


@dsl.pipeline(name="sequence-retraining", description="Train a stored LSTM on, and store what is better")
def sequence_retraining(
    dataset_uid: str = "fixture-7",
    base_model_uid: str = "fixture-7",
    model_uid: str = "fixture-7-retrained",
    configuration: dict = CONFIGURATION,
    r2_threshold: float = 0.8,
):
    """Fetch a series and a model by uid, train the model on, measure both; store and register it if accepted.

    Args:
        dataset_uid: the series in the object store; fixture-<seed> is made and stored on first use.
        base_model_uid: the stored model to start from; fixture-<seed> is trained for a few epochs where nobody has
            stored one yet.
        model_uid: what the accepted model is stored under.
        configuration: the platform's document: {learning_rate, epochs, batch_size, stride, patience,
            validation_share, test_share, seed}.
        r2_threshold: the least R2 on the held-out future that the gate accepts.
    """
    downloaded = component.download_dataset(uid=dataset_uid)
    dataset = downloaded.outputs["dataset"]
    base = component.download_model(uid=base_model_uid)
    retrained = component.retrain(dataset=dataset, base=base.outputs["model"], configuration=configuration)
    evaluated = component.evaluate_retrained(
        dataset=dataset, model=retrained.outputs["model"], base=base.outputs["model"]
    )
    gated = component.gate(
        dataset=dataset,
        model=retrained.outputs["model"],
        evaluation=evaluated.outputs["evaluation"],
        r2_threshold=r2_threshold,
    )
    with dsl.If(gated.outputs["accepted"] == True, name="accepted"):  # noqa: E712  (builds a condition of the pipeline)
        uploaded = component.upload_model(model=retrained.outputs["model"], uid=model_uid)
        registered = component.register(
            model=retrained.outputs["model"], model_name=gated.outputs["model_name"], run_id=gated.outputs["run_id"]
        )
        registered.after(uploaded)

    for task in (downloaded, base, retrained, evaluated, gated, uploaded, registered):
        kubernetes.add_pod_label(task, "task-uid", RUN_ID)
