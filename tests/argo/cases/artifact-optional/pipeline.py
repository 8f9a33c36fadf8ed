"""An optional artifact may be absent."""

from typing import Optional

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(data: Optional[dsl.Input[dsl.Dataset]] = None) -> str:
    return "nothing" if data is None else open(data.path).read()


@dsl.pipeline(name="artifact-optional")
def pipeline() -> str:
    return told().output
