"""What a step must leave behind."""

from kfp import dsl


def test_an_output_parameter_that_was_not_written_fails_the_step_by_name(execute):
    @dsl.container_component
    def silent(out: dsl.OutputPath(str)):
        return dsl.ContainerSpec("kit", ["true"], [out])

    @dsl.pipeline(name="silent")
    def pipeline():
        silent()

    outcome = execute(pipeline)
    assert outcome.failure.step == "silent"
    assert outcome.failure.reason == "it ended well but did not write its output parameter out"


def test_an_output_of_another_type_than_declared_fails_the_step(execute):
    @dsl.container_component
    def wrong(out: dsl.OutputPath(int)):
        return dsl.ContainerSpec("kit", ["sh", "-c", 'printf many > "$0"'], [out])

    @dsl.pipeline(name="wrong")
    def pipeline():
        wrong()

    assert execute(pipeline).failure.reason == 'the output parameter out: "many" is not an integer'


def test_a_metric_that_is_no_number_fails_the_step(execute):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def measure(metrics: dsl.Output[dsl.Metrics]):
        metrics.log_metric("accuracy", float("nan"))

    @dsl.pipeline(name="nan")
    def pipeline():
        measure()

    assert "NaN is not JSON" in execute(pipeline).failure.reason


def test_metadata_and_several_outputs_come_from_the_python_executor(execute):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def train(model: dsl.Output[dsl.Model], path: dsl.OutputPath(int)) -> dict:
        model.metadata["framework"] = "keras"
        with open(model.path, "w") as file:  # noqa: PTH123
            file.write("weights")
        with open(path, "w") as file:  # noqa: PTH123
            file.write("7")
        return {"accuracy": 0.75, "n": 360}

    @dsl.component(base_image="kit", install_kfp_package=False)
    def use(model: dsl.Input[dsl.Model]) -> str:
        return f"{model.framework} {open(model.path).read()}"  # noqa: PTH123

    @dsl.pipeline(name="metadata")
    def pipeline() -> str:
        return use(model=train().outputs["model"]).output

    outcome = execute(pipeline)
    assert outcome.outputs["Output"] == "keras weights"
    assert outcome.output("train", "Output") == {"accuracy": 0.75, "n": 360}
    assert outcome.output("train", "path") == 7


def test_an_artifact_written_to_a_path_of_its_own_is_kept_with_the_run(execute, tmp_path):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def elsewhere(path: str, data: dsl.Output[dsl.Dataset]):
        data.custom_path = path
        with open(path, "w") as file:  # noqa: PTH123
            file.write("kept")

    @dsl.pipeline(name="elsewhere")
    def pipeline(path: str):
        elsewhere(path=path)

    outcome = execute(pipeline, {"path": str(tmp_path / "own")})
    assert (outcome.result.directory / "elsewhere" / "data").read_text() == "kept"
