"""The task's name is its key in the pipeline, for a container and for Python, whatever it is shown as."""

from kfp import dsl

from kit import PYTHON, SHELL


@dsl.container_component
def shown(name: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf %s "$0" > "$1"', name, out])


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def both(first: str, second: str) -> str:
    return f"{first}|{second}"


@dsl.pipeline(name="placeholder-task-name")
def pipeline() -> str:
    first = shown(name=f"a task {dsl.PIPELINE_TASK_NAME_PLACEHOLDER}").set_display_name("Shown as this")
    return both(first=first.outputs["out"], second=dsl.PIPELINE_TASK_NAME_PLACEHOLDER).output
