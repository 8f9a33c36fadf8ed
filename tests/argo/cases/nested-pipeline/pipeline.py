"""A pipeline is a task of another, twice, and gives an output."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="inner")
def inner(text: str) -> str:
    return say(text=f"[{text}]").outputs["out"]


@dsl.pipeline(name="middle")
def middle(text: str) -> str:
    return inner(text=inner(text=text).set_display_name("first").output).set_display_name("second").output


@dsl.pipeline(name="nested-pipeline")
def pipeline(text: str = "x") -> str:
    return middle(text=text).output
