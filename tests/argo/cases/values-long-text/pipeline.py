"""A text of 100 kB passes through three tasks."""

from kfp import dsl

from kit import PYTHON, echo


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def grow(text: str, times: int) -> str:
    return text * times


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def size(text: str) -> int:
    return len(text)


@dsl.pipeline(name="values-long-text")
def pipeline() -> int:
    return size(text=echo(text=grow(text="0123456789", times=10000).output).output).output
