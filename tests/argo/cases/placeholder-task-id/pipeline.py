"""A task knows its own id, as an argument and inside a text, and another task has another one."""

from kfp import dsl

from kit import PYTHON, SHELL

ID = dsl.PIPELINE_TASK_ID_PLACEHOLDER


@dsl.container_component
def shown(text: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf "%s %s" "$0" "$1" > "$2"', text, ID, out])


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(mine: str, other: str) -> str:
    first, second = other.split()
    return f"{first == second and '{' not in first} {mine not in ('', first) and '{' not in mine}"


@dsl.pipeline(name="placeholder-task-id")
def pipeline() -> str:
    return told(mine=ID, other=shown(text=ID).outputs["out"]).output
