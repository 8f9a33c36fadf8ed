"""A run is given values, not artifacts."""

from kfp import dsl

from kit import read


@dsl.pipeline(name="refused-input-artifact")
def pipeline(data: dsl.Input[dsl.Dataset]):
    read(data=data)
