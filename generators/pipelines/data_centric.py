"""Improve the data, not the network: fetch a version, check it, train the fixed network on it, see where it errs.

Annotations are real types here, not strings: kfp reads them.
"""

from kfp import dsl

from components.data_centric import component


@dsl.pipeline(name="data-centric", description="Measure a version of the data by a fixed network, and find its errors")
def data_centric(
    data: str = "fixture",
    data_version: str = "v1",
    least_per_class: int = 20,
    drift_limit: float = 0.25,
    anomaly_limit: float = 0.05,
    views: int = 2,
    epochs: int = 30,
    seed: int = 123,
    accuracy_threshold: float = 0.6,
):
    """Check, describe, prepare, train, evaluate; bless the model if it is good enough and better than the champion.

    Args:
        data: fixture (invented, seeded), or the path or URL of a Git repository in which DVC keeps a folder `data`.
        data_version: the tag, branch or commit of it; what a run gives depends on nothing else of the data.
        least_per_class: the training images a class that there must be, and a quarter of that in the other parts.
        drift_limit: the most L-infinity distance of a feature's distribution to that of the last good version.
        anomaly_limit: the largest share of a part's images that may break a rule of the last good version's schema.
        views: how many augmented views of each training image are learnt from beside the image itself.
        epochs: passes over the training images; the one with the best validation accuracy is kept.
        seed: decides new weights, order and augmentation; the same seed gives the same metric.
        accuracy_threshold: the least accuracy on the test that is good enough.
    """
    fetched = component.fetch_data(data=data, data_version=data_version)
    dataset = fetched.outputs["dataset"]
    checked = component.check_data(dataset=dataset, least_per_class=least_per_class)
    profiled = component.profile_data(
        dataset=dataset, issues=checked.outputs["issues"], drift_limit=drift_limit, anomaly_limit=anomaly_limit
    )
    written = component.write_records(dataset=dataset).after(checked)
    records = written.outputs["records"]
    prepared = component.preprocess(records=records, views=views, seed=seed).after(profiled)
    trained = component.train(records=records, examples=prepared.outputs["examples"], epochs=epochs)
    evaluated = component.evaluate(records=records, model=trained.outputs["model"])
    gated = component.gate(
        records=records,
        model=trained.outputs["model"],
        profile=profiled.outputs["profile"],
        evaluation=evaluated.outputs["evaluation"],
        accuracy_threshold=accuracy_threshold,
    )
    with dsl.If(gated.outputs["accepted"] == True, name="accepted"):  # noqa: E712  (builds a condition of the pipeline)
        registered = component.register(
            model=trained.outputs["model"], model_name=gated.outputs["model_name"], run_id=gated.outputs["run_id"]
        )
    for task in (fetched, profiled, gated, registered):
        task.set_caching_options(enable_caching=False)  # DVC and MLflow are not among their inputs
