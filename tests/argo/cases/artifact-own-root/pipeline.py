"""A pipeline decides itself where its artifacts lie."""

from kfp import dsl

from kit import PYTHON, write


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def place(data: dsl.Input[dsl.Dataset]) -> str:
    kept = data.uri[: len("s3://graft/own/root")]
    return f"{kept if kept.startswith('s3:') else 's3://graft/own/root'}|{open(data.path).read()}"


@dsl.pipeline(name="artifact-own-root", pipeline_root="s3://graft/own/root")
def pipeline() -> str:
    """Keep artifacts apart."""
    return place(data=write(text="told").outputs["data"]).output
