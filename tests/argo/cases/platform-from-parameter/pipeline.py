"""A parameter of the pipeline decides resources and node."""

from kfp import dsl, kubernetes

from kit import say


@dsl.pipeline(name="platform-from-parameter")
def pipeline(memory: str = "64Mi", selector: dict = {"kubernetes.io/os": "linux"}) -> str:
    task = say(text="x").set_memory_limit(memory)
    kubernetes.add_node_selector_json(task, node_selector_json=selector)
    return task.outputs["out"]
