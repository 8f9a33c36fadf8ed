"""Components of the cases: small, and those of a shell wherever Python has nothing to show.

kfp reads the annotations of components as objects: no postponed annotations here, nor in the cases.
"""

from kfp import dsl

PYTHON, SHELL = "python:3.11", "busybox:1.36"
AWKWARD = 'it\'s "x" {{workflow.name}} {{=1+1}} {{ $(HOME) \\ ünïcode {{$.pipeline_job_name}} {{$}} `id` $HOME $$ }} {'
_WRITE = ["sh", "-ec", 'printf %s "$0" > "$1"']


@dsl.container_component
def say(text: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, _WRITE, [text, out])


@dsl.container_component
def run(script: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'eval "$0" > "$1"', script, out])


@dsl.container_component
def number(value: int, out: dsl.OutputPath(int)):
    return dsl.ContainerSpec(SHELL, _WRITE, [value, out])


@dsl.container_component
def truth(value: bool, out: dsl.OutputPath(bool)):
    return dsl.ContainerSpec(SHELL, _WRITE, [value, out])


@dsl.container_component
def items(json_text: str, out: dsl.OutputPath(list[dict])):
    return dsl.ContainerSpec(SHELL, _WRITE, [json_text, out])


@dsl.container_component
def words(json_text: str, out: dsl.OutputPath(list[str])):
    return dsl.ContainerSpec(SHELL, _WRITE, [json_text, out])


@dsl.container_component
def make(text: str, data: dsl.Output[dsl.Dataset]):
    return dsl.ContainerSpec(SHELL, _WRITE, [text, data.path])


@dsl.container_component
def read(data: dsl.Input[dsl.Dataset], out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'cat "$0" > "$1"'], [data.path, out])


@dsl.container_component
def fail():
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", "echo broken >&2; exit 3"])


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def echo(text: str) -> str:
    return text


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def described(value: list) -> str:
    import json

    return json.dumps(value, sort_keys=True)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def mapping(value: dict) -> str:
    import json

    return json.dumps(value, sort_keys=True)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def write(text: str, data: dsl.Output[dsl.Dataset]):
    with open(data.path, "w") as file:
        file.write(text)
    data.metadata["length"] = len(text)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def texts(data: dsl.Input[list[dsl.Dataset]]) -> str:
    return ",".join(open(item.path).read() for item in data)
