"""Braces in a variable are text."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def shown(out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf %s "$TEMPLATE" > "$0"'], [out])


@dsl.pipeline(name="platform-env-braces")
def pipeline() -> str:
    return shown().set_env_variable("TEMPLATE", "{{workflow.name}} {{=1}} {{").outputs["out"]
