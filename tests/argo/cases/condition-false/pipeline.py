"""A branch whose condition is false does not run."""

from kfp import dsl

from kit import fail, say


@dsl.pipeline(name="condition-false")
def pipeline(go: bool = False) -> str:
    with dsl.If(go == True, name="go"):  # noqa: E712
        fail()
    return say(text="went on").outputs["out"]
