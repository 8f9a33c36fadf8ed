"""A boolean passes a container, which sees it in lower case, and a function."""

from kfp import dsl

from kit import PYTHON, truth


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def inverted(value: bool) -> bool:
    return not value


@dsl.pipeline(name="values-boolean")
def pipeline(value: bool = False) -> bool:
    return inverted(value=truth(value=value).outputs["out"]).output
