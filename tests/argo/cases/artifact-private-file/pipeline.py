"""A file that its image's user alone may read is uploaded, though another user uploads it."""

from kfp import dsl

from kit import PYTHON, SHELL, read


@dsl.container_component
def private(out: dsl.OutputPath(str), data: dsl.Output[dsl.Dataset]):
    script = 'umask 077; printf told > "$0"; mkdir "$1"; printf kept > "$1/file"'
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", script, out, data.path])


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def wrote(data: dsl.Output[dsl.Dataset]):
    import os

    os.umask(0o077)
    with open(data.path, "w") as file:
        file.write("too")


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def joined(told: str, data: dsl.Input[dsl.Dataset], too: str) -> str:
    return f"{told} {open(data.path + '/file').read()} {too}"


@dsl.pipeline(name="artifact-private-file")
def pipeline() -> str:
    """Keep what only root may read."""
    task = private()
    return joined(
        told=task.outputs["out"], data=task.outputs["data"], too=read(data=wrote().outputs["data"]).outputs["out"]
    ).output
