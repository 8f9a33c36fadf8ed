"""An empty volume, a deadline and a toleration belong to a pod."""

from kfp import dsl, kubernetes

from kit import say


@dsl.pipeline(name="platform-volume")
def pipeline() -> str:
    task = say(text="x")
    kubernetes.empty_dir_mount(task, volume_name="scratch", mount_path="/scratch", size_limit="1Mi")
    kubernetes.set_timeout(task, seconds=600)
    kubernetes.add_toleration(task, key="spare", operator="Exists", effect="NoSchedule")
    return task.outputs["out"]
