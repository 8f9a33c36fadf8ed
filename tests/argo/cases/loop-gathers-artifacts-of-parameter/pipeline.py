"""So are those of a loop whose length is not known before it runs."""

from typing import List

from kfp import dsl

from kit import texts, write


@dsl.pipeline(name="loop-gathers-artifacts-of-parameter")
def pipeline(values: List[str] = ["a", "b", "c"]) -> str:
    with dsl.ParallelFor(values, name="each") as item:
        made = write(text=item)
    return texts(data=dsl.Collected(made.outputs["data"])).output
