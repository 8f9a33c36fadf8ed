"""A loop goes over the artifacts that a nested pipeline has gathered."""

from typing import List

from kfp import dsl

from kit import described, make, read


@dsl.pipeline(name="inner")
def inner() -> List[dsl.Dataset]:
    with dsl.ParallelFor(["a", "b"], name="make-each") as item:
        made = make(text=item)
    return dsl.Collected(made.outputs["data"])


@dsl.pipeline(name="loop-over-artifacts")
def pipeline() -> str:
    with dsl.ParallelFor(inner().output, name="read-each") as data:
        told = read(data=data)
    return described(value=dsl.Collected(told.outputs["out"])).output
