"""One failed iteration makes the run fail."""

from kfp import dsl

from kit import fail


@dsl.pipeline(name="failure-in-loop")
def pipeline():
    with dsl.ParallelFor(["a", "b"], name="each") as item:
        with dsl.If(item == "b", name="is-b"):
            fail()
