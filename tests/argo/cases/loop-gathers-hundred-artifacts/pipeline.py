"""A list of a hundred artifacts comes to a step whole and in order."""

from kfp import dsl

from kit import PYTHON, make

URIS = [f"s3://graft/hundred/{index}" for index in range(100)]


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def counted(data: dsl.Input[list[dsl.Dataset]], made: dsl.Input[dsl.Dataset]) -> str:
    in_order = [item.uri.rpartition("/")[2] for item in data] == [str(index) for index in range(len(data))]
    return f"{len(data)} {in_order} {open(made.path).read()}"


@dsl.pipeline(name="loop-gathers-hundred-artifacts")
def pipeline() -> str:
    """Gather."""
    with dsl.ParallelFor(URIS, name="all") as uri:
        imported = dsl.importer(artifact_uri=uri, artifact_class=dsl.Dataset, reimport=False)
    return counted(data=dsl.Collected(imported.output), made=make(text="x").outputs["data"]).output
