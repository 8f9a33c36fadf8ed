"""Concat joins texts and values in one argument."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def joined(text: str, count: int, out: dsl.OutputPath(str)):
    whole = dsl.ConcatPlaceholder(["--text=", text, ";count=", count])
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf %s "$0" > "$1"'], [whole, out])


@dsl.pipeline(name="placeholder-concat")
def pipeline(text: str = "a $(b) {{c}}") -> str:
    return joined(text=text, count=2).outputs["out"]
