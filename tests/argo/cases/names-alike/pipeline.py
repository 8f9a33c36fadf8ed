"""Names that are alike, reserved or long stay apart."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="names-alike")
def pipeline() -> str:
    first = say(text="1").set_display_name("a b")
    second = say(text=f"{first.outputs['out']}2").set_display_name("a-b")
    third = say(text=f"{second.outputs['out']}3").set_display_name("in")
    return say(text=f"{third.outputs['out']}4").set_display_name("1" + "ä" * 90).outputs["out"]
