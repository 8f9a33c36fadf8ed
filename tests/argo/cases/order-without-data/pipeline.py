"""Tasks run in order without handing anything on."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="order-without-data")
def pipeline() -> str:
    first = say(text="1")
    second = say(text="2").after(first).set_display_name("second")
    return say(text="3").after(second).set_display_name("third").outputs["out"]
