"""A task that runs in spite of a failure has what the upstream gave, and its default where it gave nothing."""

from kfp import dsl

from kit import PYTHON, SHELL, say


@dsl.container_component
def fails(out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", "exit 3", out])


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def expect(wanted: str, text: str = "nothing"):
    assert text == wanted, text


@dsl.pipeline(name="ignore-upstream-failure-data")
def pipeline():
    made = say(text="made").outputs["out"]
    expect(wanted="made", text=made).ignore_upstream_failure().set_display_name("given")
    none = fails().outputs["out"]
    expect(wanted="nothing", text=none).ignore_upstream_failure().set_display_name("lost")
