"""A loop over nothing gathers an empty list, and what follows runs."""

from typing import List

from kfp import dsl

from kit import described, say


@dsl.pipeline(name="loop-empty")
def pipeline(values: List[str] = []) -> str:
    with dsl.ParallelFor(values, name="each") as item:
        said = say(text=item)
    return described(value=dsl.Collected(said.outputs["out"])).output
