"""An integer stays one, through a container and a function."""

from kfp import dsl

from kit import PYTHON, number


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def increased(value: int) -> int:
    return value + 1


@dsl.pipeline(name="values-integer")
def pipeline(value: int = 41) -> int:
    return increased(value=number(value=value).outputs["out"]).output
