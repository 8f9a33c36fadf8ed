"""An artifact goes into a nested pipeline, and another comes out."""

from kfp import dsl

from kit import make, read


@dsl.pipeline(name="inner")
def inner(data: dsl.Input[dsl.Dataset]) -> dsl.Dataset:
    return make(text=read(data=data).outputs["out"]).outputs["data"]


@dsl.pipeline(name="nested-artifact")
def pipeline() -> str:
    return read(data=inner(data=make(text="deep").outputs["data"]).output).set_display_name("last").outputs["out"]
