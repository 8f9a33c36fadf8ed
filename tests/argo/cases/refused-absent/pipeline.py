"""A container cannot take an input that its task is not given."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def shown(text: str = None):
    return dsl.ContainerSpec(SHELL, ["echo", text])


@dsl.pipeline(name="refused-absent")
def pipeline():
    shown()
