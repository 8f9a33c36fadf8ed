"""An importer names what is there already, with its metadata."""

from kfp import dsl

from kit import PYTHON


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(data: dsl.Input[dsl.Dataset]) -> str:
    return f"{data.uri} {data.metadata['origin']}"


@dsl.pipeline(name="importer")
def pipeline(uri: str = "gs://elsewhere/x{{1}}") -> str:
    found = dsl.importer(artifact_uri=uri, artifact_class=dsl.Dataset, metadata={"origin": "by hand"}, reimport=True)
    return told(data=found.output).output
