"""A container reads what a function wrote."""

from kfp import dsl

from kit import read, write


@dsl.pipeline(name="artifact-mixed")
def pipeline() -> str:
    return read(data=write(text="python").outputs["data"]).outputs["out"]
