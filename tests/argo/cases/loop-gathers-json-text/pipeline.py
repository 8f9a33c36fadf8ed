"""Text that looks like a list is gathered as text."""

from kfp import dsl

from kit import described, say


@dsl.pipeline(name="loop-gathers-json-text")
def pipeline() -> str:
    with dsl.ParallelFor(["[1]", "[2]"], name="each") as item:
        said = say(text=item)
    return described(value=dsl.Collected(said.outputs["out"])).output
