"""A loop goes over the output of a task."""

from kfp import dsl

from kit import described, say, words


@dsl.pipeline(name="loop-output")
def pipeline() -> str:
    listed = words(json_text='["x", "y"]')
    with dsl.ParallelFor(listed.outputs["out"], name="each") as item:
        said = say(text=item)
    return described(value=dsl.Collected(said.outputs["out"])).output
