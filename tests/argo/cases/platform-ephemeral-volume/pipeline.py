"""A volume of a storage class lives as long as its task."""

from kfp import dsl, kubernetes

from kit import run


@dsl.pipeline(name="platform-ephemeral-volume")
def pipeline() -> str:
    task = run(script="printf written > /scratch/file; cat /scratch/file")
    kubernetes.add_ephemeral_volume(
        task,
        volume_name="scratch",
        mount_path="/scratch",
        access_modes=["ReadWriteOnce"],
        size="8Mi",
        storage_class_name="case-platform-ephemeral-volume",
        labels={"kind": "scratch"},
        annotations={"why": "a test"},
    )
    return task.outputs["out"]
