"""The artifact of the branch that ran goes on."""

from kfp import dsl

from kit import make, read


@dsl.pipeline(name="condition-artifact")
def pipeline(choice: str = "b") -> str:
    with dsl.If(choice == "a", name="is-a"):
        a = make(text="from a")
    with dsl.Else(name="is-b"):
        b = make(text="from b").set_display_name("make-b")
    return read(data=dsl.OneOf(a.outputs["data"], b.outputs["data"])).outputs["out"]
