"""Whether an argument is there may not depend on the run."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def shown(text: str = None):
    return dsl.ContainerSpec(SHELL, ["echo", dsl.IfPresentPlaceholder(input_name="text", then=[text])])


@dsl.pipeline(name="refused-if-present")
def pipeline(text: str = None):
    shown(text=text)
