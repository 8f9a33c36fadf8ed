"""Requests and limits are those of the container."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="resources")
def pipeline() -> str:
    task = say(text="x").set_cpu_request("10m").set_memory_request("16Mi").set_cpu_limit("1").set_memory_limit("256Mi")
    return task.outputs["out"]
