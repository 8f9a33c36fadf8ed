"""Each iteration takes its own branch."""

from kfp import dsl

from kit import described, say


@dsl.pipeline(name="loop-item-with-condition")
def pipeline() -> str:
    with dsl.ParallelFor([1, 2, 3], name="each") as item:
        with dsl.If(item > 1, name="large"):
            large = say(text=f"large {item}")
        with dsl.Else(name="small"):
            small = say(text=f"small {item}").set_display_name("say-small")
        told = say(text=dsl.OneOf(large.outputs["out"], small.outputs["out"])).set_display_name("say-again")
    return described(value=dsl.Collected(told.outputs["out"])).output
