"""A long argument that is mostly braces and dollars arrives as it is."""

from kfp import dsl

from kit import SHELL

BRACES = "{$" * 25_000


@dsl.container_component
def compare(text: str, out: dsl.OutputPath(bool)):
    script = f'[ ${{#0}} = {len(BRACES)} ] && printf true > "$1"'
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", script, text, out])


@dsl.pipeline(name="values-braces")
def pipeline() -> bool:
    return compare(text=BRACES).outputs["out"]
