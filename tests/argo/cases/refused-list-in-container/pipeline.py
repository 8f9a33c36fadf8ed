"""A container has no program that could find the places of a list of artifacts."""

from typing import List

from kfp import dsl

from kit import SHELL, make


@dsl.container_component
def counted(data: dsl.Input[List[dsl.Dataset]]):
    return dsl.ContainerSpec(SHELL, ["true"])


@dsl.pipeline(name="refused-list-in-container")
def pipeline():
    with dsl.ParallelFor(["a"], name="each") as item:
        made = make(text=item)
    counted(data=dsl.Collected(made.outputs["data"]))
