"""What a condition left out of an iteration is left out of the list."""

from kfp import dsl

from kit import PYTHON, make, number


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(values: list, data: dsl.Input[list[dsl.Dataset]]) -> str:
    return f"{values}|{len(data)}"


@dsl.pipeline(name="loop-gathers-some")
def pipeline() -> str:
    with dsl.ParallelFor([1, 2, 3], name="each") as value:
        with dsl.If(value >= 2, name="large"):
            one, other = number(value=value), make(text="x")
    return told(values=dsl.Collected(one.outputs["out"]), data=dsl.Collected(other.outputs["data"])).output
