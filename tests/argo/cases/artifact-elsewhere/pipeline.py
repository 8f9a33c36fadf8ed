"""An artifact that a component writes to a URI of its own choice is found there."""

from kfp import dsl

from kit import PYTHON, read


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def move(data: dsl.Output[dsl.Dataset]):
    import os

    data.uri = f"{data.uri}-moved/file"
    os.makedirs(os.path.dirname(data.path), exist_ok=True)
    with open(data.path, "w") as file:
        file.write("content")


@dsl.pipeline(name="artifact-elsewhere")
def pipeline() -> str:
    return read(data=move().outputs["data"]).outputs["out"]
