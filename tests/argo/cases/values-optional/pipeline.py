"""An optional parameter may be absent."""

from typing import Optional

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def shown(given: Optional[str] = None, absent: Optional[int] = None) -> str:
    return f"{given} {absent}"


@dsl.pipeline(name="values-optional")
def pipeline(given: Optional[str] = None, absent: Optional[int] = None) -> str:
    return shown(given=given, absent=absent).output
