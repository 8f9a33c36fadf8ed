"""A loop over a parameter gathers integers as integers."""

from typing import List

from kfp import dsl

from kit import described, number


@dsl.pipeline(name="loop-parameter")
def pipeline(values: List[int] = [1, 2]) -> str:
    with dsl.ParallelFor(values, name="each") as item:
        told = number(value=item)
    return described(value=dsl.Collected(told.outputs["out"])).output
