"""A loop runs one iteration at a time."""

from kfp import dsl

from kit import described, number


@dsl.pipeline(name="loop-parallelism")
def pipeline() -> str:
    with dsl.ParallelFor([1, 2, 3], name="each", parallelism=1) as item:
        told = number(value=item)
    return described(value=dsl.Collected(told.outputs["out"])).output
