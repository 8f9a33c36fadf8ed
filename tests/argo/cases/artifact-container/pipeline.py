"""A file goes from one container to another."""

from kfp import dsl

from kit import make, read


@dsl.pipeline(name="artifact-container")
def pipeline() -> str:
    return read(data=make(text="content").outputs["data"]).outputs["out"]
