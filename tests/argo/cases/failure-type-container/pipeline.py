"""What a container writes is held against the type that it declares, whoever takes it."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def count(out: dsl.OutputPath(int)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf 5.7 > "$0"', out])


@dsl.container_component
def shown(value: int):
    return dsl.ContainerSpec(SHELL, ["echo", value])


@dsl.pipeline(name="failure-type-container")
def pipeline():
    shown(value=count().outputs["out"])
