"""A small number passes without an exponent."""

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def halved(value: float) -> float:
    return value / 2


@dsl.pipeline(name="values-double")
def pipeline(value: float = 0.00002) -> float:
    return halved(value=value).output
