"""Tolerations that a task decides would take the place of those that stand beside them."""

from kfp import dsl, kubernetes

from kit import say


@dsl.pipeline(name="refused-mixed-tolerations")
def pipeline(toleration: dict = {"key": "spare", "operator": "Exists"}):
    task = say(text="x")
    kubernetes.add_toleration(task, key="other", operator="Exists")
    kubernetes.add_toleration_json(task, toleration_json=toleration)
