"""Train a network to predict the next row of a series: download, train, measure, upload what the gate accepts.

Annotations are real types here, not strings: kfp reads them.
"""

from kfp import dsl, kubernetes

from components.sequence_training import component

RUN_ID = "{{workflow.uid}}"  # KFP and Argo put the run's own id in its place
CONFIGURATION = {
    "learning_rate": 0.003,
    "epochs": 15,
    "batch_size": 32,
    "stride": 2,
    "patience": 5,
    "validation_share": 0.15,
    "test_share": 0.25,
    "seed": 7,
}


@dsl.pipeline(
    name="sequence-training", description="Train an LSTM on a series in the object store, and store the model"
)
def sequence_training(
    dataset_uid: str = "fixture-7",
    model_uid: str = "fixture-7",
    configuration: dict = CONFIGURATION,
    r2_threshold: float = 0.8,
):
    """Fetch a series by uid, train on its past, measure on its future; store and register the model if accepted.

    Args:
        dataset_uid: the series in the object store; fixture-<seed> is made and stored on first use.
        model_uid: what the accepted model is stored under.
        configuration: the platform's document: {learning_rate, epochs, batch_size, stride, patience,
            validation_share, test_share, seed}.
        r2_threshold: the least R2 on the held-out future that the gate accepts.
    """
    downloaded = component.download_dataset(uid=dataset_uid)
    dataset = downloaded.outputs["dataset"]
    trained = component.train(dataset=dataset, configuration=configuration)
    evaluated = component.evaluate(dataset=dataset, model=trained.outputs["model"])
    gated = component.gate(
        dataset=dataset,
        model=trained.outputs["model"],
        evaluation=evaluated.outputs["evaluation"],
        r2_threshold=r2_threshold,
    )
    with dsl.If(gated.outputs["accepted"] == True, name="accepted"):  # noqa: E712  (builds a condition of the pipeline)
        uploaded = component.upload_model(model=trained.outputs["model"], uid=model_uid)
        registered = component.register(
            model=trained.outputs["model"], model_name=gated.outputs["model_name"], run_id=gated.outputs["run_id"]
        )
        registered.after(uploaded)

    for task in (downloaded, trained, evaluated, gated, uploaded, registered):
        kubernetes.add_pod_label(task, "task-uid", RUN_ID)
