"""An optional artifact of the pipeline's own, which no run can give, is absent however deep it is handed down."""

from typing import Optional

from kfp import dsl

from kit import PYTHON, SHELL, make


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def there(data: Optional[dsl.Input[dsl.Dataset]] = None) -> str:
    return "absent" if data is None else open(data.path).read()


@dsl.container_component
def told(out: dsl.OutputPath(str), data: Optional[dsl.Input[dsl.Dataset]] = None):
    path = dsl.IfPresentPlaceholder("data", then=[data.path], else_=["absent"])
    command = ["sh", "-ec", 'test "$1" = absent && printf absent > "$0" || cp "$1" "$0"', out]
    return dsl.ContainerSpec(SHELL, command, [path])


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def joined(a: str, b: str, c: str) -> str:
    return f"{a} {b} {c}"


@dsl.pipeline(name="inner")
def inner(data: Optional[dsl.Input[dsl.Dataset]] = None) -> str:
    here = there(data=data)
    return joined(
        a=here.output, b=told(data=data).outputs["out"], c=told().set_display_name("bare").outputs["out"]
    ).output


@dsl.pipeline(name="artifact-optional-of-pipeline")
def pipeline(data: Optional[dsl.Input[dsl.Dataset]] = None) -> str:
    """Hand it down."""
    handed = inner(data=data).set_display_name("handed")
    without = inner().set_display_name("without")
    made = inner(data=make(text="made").outputs["data"]).set_display_name("made-here")
    return joined(a=handed.output, b=without.output, c=made.output).set_display_name("all").output
