"""Artifacts of a loop are gathered into a list."""

from kfp import dsl

from kit import make, texts


@dsl.pipeline(name="loop-gathers-artifacts")
def pipeline() -> str:
    with dsl.ParallelFor(["a", "b"], name="each") as item:
        made = make(text=item)
    return texts(data=dsl.Collected(made.outputs["data"])).output
