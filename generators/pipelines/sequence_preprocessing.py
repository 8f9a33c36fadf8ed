"""Make a series that can be learnt from of a logger's CSV: download, preprocess, upload.

Annotations are real types here, not strings: kfp reads them.
"""

from kfp import dsl, kubernetes

from components.sequence_training import component

RUN_ID = "{{workflow.uid}}"  # KFP and Argo put the run's own id in its place
CONFIGURATION = {
    "time_column": "time",
    "channels": ["left", "middle", "right"],
    "spike_limit": 6.0,
    "longest_gap": 5,
}


@dsl.pipeline(name="sequence-preprocessing", description="Make a clean series of a logger's CSV in the object store")
def sequence_preprocessing(
    dataset_uid: str = "fixture-raw-7",
    prepared_uid: str = "fixture-raw-7-clean",
    configuration: dict = CONFIGURATION,
):
    """Fetch a data set by uid, clean it, and store the series under another uid.

    Args:
        dataset_uid: the raw data set in the object store; fixture-raw-<seed> is made and stored on first use.
        prepared_uid: what the series is stored under, for sequence-training to take.
        configuration: the platform's document: {time_column, channels, spike_limit, longest_gap}.
    """
    downloaded = component.download_dataset(uid=dataset_uid)
    prepared = component.preprocess(raw=downloaded.outputs["dataset"], configuration=configuration)
    uploaded = component.upload_dataset(
        dataset=prepared.outputs["dataset"], evidence=prepared.outputs["evidence"], uid=prepared_uid
    )

    for task in (downloaded, prepared, uploaded):
        kubernetes.add_pod_label(task, "task-uid", RUN_ID)
