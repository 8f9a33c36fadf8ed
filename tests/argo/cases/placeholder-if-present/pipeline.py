"""IfPresent gives one set of arguments or the other."""

from kfp import dsl

from kit import SHELL, say


@dsl.container_component
def counted(out: dsl.OutputPath(str), text: str = None):
    chosen = dsl.IfPresentPlaceholder(input_name="text", then=["--text", text], else_=["--none"])
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf %s "$*" > "$0"'], [out, chosen])


@dsl.pipeline(name="placeholder-if-present")
def pipeline() -> str:
    given = counted(text="x").set_display_name("given")
    absent = counted().set_display_name("absent")
    return say(text=f"{given.outputs['out']}|{absent.outputs['out']}").outputs["out"]
