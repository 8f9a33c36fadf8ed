"""Loop, gather, If and Else, OneOf: a pod for each task that runs, and none beside."""

from kfp import dsl

from kit import described, say, words


@dsl.pipeline(name="graph-of-six-pods")
def pipeline(choice: str = "long") -> str:
    first = words(json_text='["a", "b"]')
    with dsl.ParallelFor(first.outputs["out"], name="each") as item:
        said = say(text=item)
    gathered = described(value=dsl.Collected(said.outputs["out"]))
    with dsl.If(choice == "short", name="short"):
        short = say(text="short").set_display_name("say-short")
    with dsl.Else(name="long"):
        long = say(text=f"long {gathered.output}").set_display_name("say-long")
    return say(text=dsl.OneOf(short.outputs["out"], long.outputs["out"])).set_display_name("last").outputs["out"]
