"""A quote in a value does not break a condition."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="condition-text")
def pipeline(text: str = 'it\'s "{{x}}"') -> str:
    with dsl.If(text == "other", name="same"):
        a = say(text="same")
    with dsl.Else(name="differs"):
        b = say(text="differs").set_display_name("say-differs")
    return dsl.OneOf(a.outputs["out"], b.outputs["out"])
