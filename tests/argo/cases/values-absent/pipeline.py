"""A container that needs a value which the run does not give fails, and is not handed something else."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def shown(text: str = None):
    return dsl.ContainerSpec(SHELL, ["echo", text])


@dsl.pipeline(name="values-absent")
def pipeline(text: str = None):
    shown(text=text)
