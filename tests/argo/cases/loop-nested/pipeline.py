"""A loop in a loop gathers lists of lists."""

from typing import List

from kfp import dsl

from kit import described, number


@dsl.pipeline(name="loop-nested")
def pipeline(rows: List[List[int]] = [[1, 2], [3]]) -> str:
    with dsl.ParallelFor(rows, name="rows") as row:
        with dsl.ParallelFor(row, name="cells") as cell:
            told = number(value=cell)
    return described(value=dsl.Collected(told.outputs["out"])).output
