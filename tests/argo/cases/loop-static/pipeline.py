"""A loop over constants gathers in their order."""

from kfp import dsl

from kit import described, say


@dsl.pipeline(name="loop-static")
def pipeline() -> str:
    with dsl.ParallelFor(["a", "{{workflow.name}}", "c"], name="each") as item:
        said = say(text=item)
    return described(value=dsl.Collected(said.outputs["out"])).output
