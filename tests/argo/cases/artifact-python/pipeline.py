"""A file goes from function to function with its metadata, at the path that its URI gives."""

from kfp import dsl

from kit import PYTHON, write


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(data: dsl.Input[dsl.Dataset]) -> str:
    kind = data.uri.rsplit("/", 1)[1]
    return f"{open(data.path).read()} {data.metadata['length']} {kind} {data.path.endswith('/data')}"


@dsl.pipeline(name="artifact-python")
def pipeline() -> str:
    return told(data=write(text="content").outputs["data"]).output
