"""Importers: what is there becomes an artifact, what is not fails."""

from kfp import dsl


def test_an_imported_file_reaches_its_reader_with_metadata(execute, kit, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "in.csv").write_text("1,2")

    @dsl.component(base_image="kit", install_kfp_package=False)
    def describe(data: dsl.Input[dsl.Dataset]) -> str:
        return f"{open(data.path).read()} {data.metadata['version']} {data.metadata['owner']}"  # noqa: PTH123

    @dsl.pipeline(name="importing")
    def pipeline(owner: str, uri: str) -> str:
        found = dsl.importer(artifact_uri=uri, artifact_class=dsl.Dataset, metadata={"version": 2, "owner": owner})
        return describe(data=found.output).output

    for uri in ("data/in.csv", str(tmp_path / "data/in.csv"), f"file://{tmp_path}/data/in.csv"):
        outcome = execute(pipeline, {"owner": "it's me", "uri": uri}, runs=tmp_path / f"runs{hash(uri)}")
        assert outcome.outputs["Output"] == "1,2 2 it's me"


def test_a_remote_uri_is_handed_on_as_it_is(execute):
    @dsl.pipeline(name="remote")
    def pipeline():
        dsl.importer(artifact_uri="s3://bucket/key", artifact_class=dsl.Dataset)

    [step] = execute(pipeline).result.steps
    assert step.outputs.artifacts["artifact"][0]["uri"] == "s3://bucket/key"


def test_nothing_to_import_fails_the_step(execute):
    @dsl.pipeline(name="nothing")
    def pipeline():
        dsl.importer(artifact_uri="missing.csv", artifact_class=dsl.Dataset)

    outcome = execute(pipeline)
    assert outcome.failure.step == "importer"
    assert "there is nothing to import at missing.csv" in outcome.failure.reason
