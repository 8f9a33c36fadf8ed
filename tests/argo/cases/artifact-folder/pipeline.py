"""A folder is an artifact too."""

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def folder(data: dsl.Output[dsl.Dataset]):
    import os

    os.makedirs(data.path + "/deep")
    for name in ("a", "deep/b"):
        with open(f"{data.path}/{name}", "w") as file:
            file.write(name)


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def listed(data: dsl.Input[dsl.Dataset]) -> str:
    return open(data.path + "/a").read() + " " + open(data.path + "/deep/b").read()


@dsl.pipeline(name="artifact-folder")
def pipeline() -> str:
    return listed(data=folder().outputs["data"]).output
