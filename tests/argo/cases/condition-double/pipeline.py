"""A condition compares numbers, not texts."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="condition-double")
def pipeline(value: float = 0.1) -> str:
    with dsl.If(value < 0.5, name="low"):
        a = say(text="low")
    with dsl.Else(name="high"):
        b = say(text="high").set_display_name("say-high")
    return dsl.OneOf(a.outputs["out"], b.outputs["out"])
