"""One artifact is two inputs of a task."""

from kfp import dsl

from kit import PYTHON, make


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def both(left: dsl.Input[dsl.Dataset], right: dsl.Input[dsl.Dataset]) -> str:
    return open(left.path).read() + open(right.path).read()


@dsl.pipeline(name="artifact-used-twice")
def pipeline() -> str:
    made = make(text="x")
    return both(left=made.outputs["data"], right=made.outputs["data"]).output
