"""The first branch that holds runs, by a number that a task gave."""

from kfp import dsl

from kit import number, say


@dsl.pipeline(name="condition-elif")
def pipeline(value: int = 5) -> str:
    told = number(value=value)
    with dsl.If(told.outputs["out"] > 10, name="large"):
        a = say(text="large")
    with dsl.Elif(told.outputs["out"] > 3, name="medium"):
        b = say(text="medium").set_display_name("say-medium")
    with dsl.Else(name="small"):
        c = say(text="small").set_display_name("say-small")
    chosen = dsl.OneOf(a.outputs["out"], b.outputs["out"], c.outputs["out"])
    return say(text=chosen).set_display_name("say-it").outputs["out"]
