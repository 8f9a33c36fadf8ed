"""A task that promised an output and wrote none fails."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def silent(out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["true"], [out])


@dsl.pipeline(name="failure-missing-output")
def pipeline() -> str:
    return silent().outputs["out"]
