"""Lists are gathered as lists, and text that looks like one stays text."""

from kfp import dsl

from kit import described, words


@dsl.pipeline(name="loop-gathers-lists")
def pipeline() -> str:
    with dsl.ParallelFor(['["a"]', '["{{b}}", "c"]'], name="each") as item:
        told = words(json_text=item)
    return described(value=dsl.Collected(told.outputs["out"])).output
