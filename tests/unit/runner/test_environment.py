"""The variables of a step: from the pipeline, from secrets, from the pod's fields, from this machine."""

import importlib.util
import os
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from kfp import dsl, kubernetes

from generators.errors import Refused
from generators.runner.environment import package_folder
from generators.runner.secrets import lookup, parse


@dsl.container_component
def variables():
    return dsl.ContainerSpec(f"localhost/graft/two-words@sha256:{'0' * 64}", ["env"])


def environment(outcome, path: str = "variables") -> dict[str, str]:
    assert outcome.result, outcome.failure
    return dict(line.split("=", 1) for line in outcome.lines(path) if "=" in line)


def test_a_step_sees_what_the_pipeline_sets_and_of_the_shell_only_what_it_needs(execute):
    @dsl.pipeline(name="set")
    def pipeline():
        variables().set_env_variable("DATABASE", "sqlite:///it's.db")

    shell = {"PATH": os.environ["PATH"], "HOME": "/home/me", "AWS_SECRET_ACCESS_KEY": "x", "TMPDIR": "/elsewhere"}
    seen = environment(execute(pipeline, environ=shell))
    assert (seen["DATABASE"], seen["HOME"]) == ("sqlite:///it's.db", "/home/me")
    assert "AWS_SECRET_ACCESS_KEY" not in seen
    assert seen["PATH"].split(":")[0] == str(Path(sys.executable).parent)
    assert not Path(seen["TMPDIR"]).exists()


def test_the_package_of_the_image_is_importable_and_the_repository_is_the_working_directory(execute, tmp_path):
    @dsl.component(base_image=f"localhost/graft/two-words@sha256:{'0' * 64}", install_kfp_package=False)
    def where() -> str:
        from pathlib import Path

        import two_words_package

        return f"{two_words_package.NAME} in {Path.cwd()}"

    source = tmp_path / "components" / "two_words" / "src"
    source.mkdir(parents=True)
    (source / "two_words_package.py").write_text("NAME = 'package'")

    @dsl.pipeline(name="where")
    def pipeline() -> str:
        return where().output

    assert execute(pipeline).outputs["Output"] == f"package in {tmp_path}"


@pytest.mark.parametrize("image", ["a-b", "a-b:1", "r.io:5000/x/a-b@sha256:00", "r.io/a-b:1@sha256:00", "x/a_b"])
def test_an_image_belongs_to_the_component_of_its_name(image):
    assert package_folder(image, {"a-b": Path("src")}) == Path("src")


def test_an_unknown_image_has_no_package():
    assert package_folder("python:3.11", {"a-b": Path("src")}) is None


@pytest.fixture(scope="module")
def secretive():
    @dsl.pipeline(name="secretive")
    def pipeline():
        kubernetes.use_secret_as_env(variables(), "store", {"access": "ACCESS_KEY", "secret": "SECRET_KEY"})

    return pipeline


def test_a_secret_comes_from_the_shell_before_the_file(execute, secretive, tmp_path):
    (tmp_path / ".secrets.env").write_text("# local\nACCESS_KEY=from-file\nexport SECRET_KEY='a=b c'\n")
    seen = environment(execute(secretive, environ={"ACCESS_KEY": "from-shell", "PATH": os.environ["PATH"]}))
    assert (seen["ACCESS_KEY"], seen["SECRET_KEY"]) == ("from-shell", "a=b c")


def test_a_secret_without_a_value_is_refused_with_both_places(execute, secretive):
    with pytest.raises(Refused) as refused:
        execute(secretive, environ={"ACCESS_KEY": "x"})
    [finding] = refused.value.findings
    assert finding.message == "the variable SECRET_KEY comes from key secret of the Secret store and has no value here"
    assert finding.fix == "set SECRET_KEY in the shell, or write SECRET_KEY=... into .secrets.env, which Git ignores"


def test_an_optional_secret_may_have_no_value(execute):
    @dsl.pipeline(name="optional-secret")
    def pipeline():
        kubernetes.use_secret_as_env(variables(), "store", {"access": "ACCESS_KEY"}, optional=True)

    assert "ACCESS_KEY" not in environment(execute(pipeline, environ={"PATH": os.environ["PATH"]}))


def test_no_secret_is_in_the_record(execute, secretive):
    outcome = execute(secretive, secret=lambda variable: "hunter2")
    assert "hunter2" not in (outcome.result.directory / "run.json").read_text()


def test_fields_of_the_pod_have_local_values(execute):
    @dsl.pipeline(name="fields")
    def pipeline():
        task = variables()
        kubernetes.use_field_path_as_env(task, "POD", "metadata.name")
        kubernetes.use_field_path_as_env(task, "ADDRESS", "status.podIP")
        kubernetes.use_field_path_as_env(task, "STEP", "metadata.labels['step']")
        kubernetes.add_pod_label(task, "step", "one")

    outcome = execute(pipeline)
    seen = environment(outcome)
    assert (seen["ADDRESS"], seen["STEP"]) == ("127.0.0.1", "one")
    assert seen["POD"] == f"fields-{outcome.result.run_id}-variables"


def test_a_label_may_be_the_id_of_the_run(execute):
    @dsl.pipeline(name="labelled")
    def pipeline():
        task = variables()
        kubernetes.use_field_path_as_env(task, "RUN", "metadata.labels['run']")
        kubernetes.add_pod_label(task, "run", "{{workflow.uid}}")

    found = [environment(execute(pipeline))["RUN"] for _ in range(2)]
    assert found[0] != found[1] and all(uuid.UUID(each) for each in found)


def wheel(folder: Path) -> Path:
    """A wheel with one module in it, `tiny`."""
    file = folder / "graft_tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tiny.py", "WORD = 'installed'")
        archive.writestr("graft_tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: graft-tiny\nVersion: 1\n")
        archive.writestr(
            "graft_tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("graft_tiny-1.dist-info/RECORD", "")
    return file


def test_packages_that_a_step_installs_stay_in_the_step(execute, tmp_path):
    @dsl.container_component
    def install(file: str):
        script = 'python3 -m pip install -q --no-index "$0" && python3 -c "import tiny, kfp; print(tiny.__file__)"'
        return dsl.ContainerSpec("kit", ["sh", "-ec", script], [file])

    @dsl.pipeline(name="installing")
    def pipeline(file: str):
        install(file=file)

    outcome = execute(pipeline, {"file": str(wheel(tmp_path))})
    assert "/environment/lib/" in outcome.lines("install")[-1], outcome.failure
    assert importlib.util.find_spec("tiny") is None


def test_a_secrets_file_is_lines_of_keys_and_values():
    assert parse('A=1\n\n# B=2\nexport C = "x=y" \nD=\'\n') == {"A": "1", "C": "x=y", "D": "'"}


def test_a_missing_secrets_file_holds_nothing(tmp_path):
    assert lookup(tmp_path, {"A": "1"})("B") is None
