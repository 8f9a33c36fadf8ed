"""A container is told a number out of an artifact's metadata."""

from kfp import dsl

from kit import SHELL, write


@dsl.container_component
def told(data: dsl.Input[dsl.Dataset], out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf %s "$0" > "$1"'], [data.metadata["length"], out])


@dsl.pipeline(name="artifact-metadata-in-container")
def pipeline() -> str:
    return told(data=write(text="four").outputs["data"]).outputs["out"]
