"""Shared memory and an empty folder in memory have the size that is asked for."""

from kfp import dsl, kubernetes

from kit import run


@dsl.pipeline(name="platform-memory")
def pipeline() -> str:
    size = "df -k {} | tail -n 1 | awk '{{printf $2}}'"
    task = run(script=f"{size.format('/dev/shm')}; printf '|'; {size.format('/scratch')}")
    task.set_memory_limit("64Mi")
    kubernetes.empty_dir_mount(task, volume_name="scratch", mount_path="/scratch", medium="Memory", size_limit="8Mi")
    return task.outputs["out"]


# kfp's language has no words for it yet, its message has.
pipeline.platform_spec.platforms["kubernetes"].deployment_spec.executors["exec-run"].update(
    {"enabledSharedMemory": {"volumeName": "shm", "size": "16Mi"}}
)
