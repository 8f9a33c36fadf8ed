"""An image is pulled anew, with Secrets that are named as they are or by a parameter."""

from kfp import dsl, kubernetes

from kit import say


@dsl.pipeline(name="platform-pull")
def pipeline(secret: str = "case-pull") -> str:
    task = say(text="pulled")
    kubernetes.set_image_pull_policy(task, "Always")
    kubernetes.set_image_pull_secrets(task, [secret, "case-platform-pull"])
    return task.outputs["out"]
