"""Defaults of the pipeline and of a component are used."""

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def joined(first: str, second: str = "b", third: int = 3) -> str:
    return f"{first}{second}{third}"


@dsl.pipeline(name="values-default")
def pipeline(first: str = "a") -> str:
    return joined(first=first).output
