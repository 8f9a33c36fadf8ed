"""A string input takes the text of any value, in a container and in Python alike, with nothing of Argo's in it."""

from kfp import dsl

from kit import PYTHON, SHELL


@dsl.container_component
def shown(a: str, b: str, c: dict, d: list, out: dsl.OutputPath(str)):
    script = 'printf "%s|%s|%s|%s" "$0" "$1" "$2" "$3" > "$4"'
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", script, a, b, c, d, out])


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def ended(text: str, more: str) -> str:
    return f"{text}|{more}"


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def first(values: list) -> str:
    return values[0]


@dsl.pipeline(name="values-as-text")
def pipeline(items: list[dict] = [{"n": 5, "yes": True}], c: dict = {"a": "{{x}} $"}, d: list = [1, "{"]) -> str:
    with dsl.ParallelFor(items, name="each") as item:
        text = shown(a=item.n, b=item.yes, c=c, d=d)
    return ended(text=first(values=dsl.Collected(text.outputs["out"])).output, more=f"{c}").output
