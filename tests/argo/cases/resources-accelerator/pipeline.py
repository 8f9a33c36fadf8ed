"""A task is given an accelerator, of a kind and a number that are constants or parameters."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="resources-accelerator")
def pipeline(kind: str = "graft.dev/chip", count: str = "1") -> str:
    first = say(text="accelerated").set_accelerator_type("graft.dev/chip").set_accelerator_limit(1)
    say(text="too").set_accelerator_type(kind).set_accelerator_limit(count)
    return first.outputs["out"]
