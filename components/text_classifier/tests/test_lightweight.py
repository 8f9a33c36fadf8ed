"""The lightweight build: the same steps from the source in the manifest, marked, with its packages pinned."""

from __future__ import annotations

import ast
import base64
import bz2
import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from google.protobuf.json_format import MessageToDict
from text_classifier_small import Small, run_python

from generators.ir.imports import imported

FOLDER = Path(__file__).resolve().parents[1]
REPOSITORY = FOLDER.parents[1]


@pytest.fixture(scope="module")
def lightweight() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY), *sys.path])
        return import_module("components.text_classifier.lightweight")


def names(lightweight: ModuleType) -> set[str]:
    return vars(lightweight.steps).keys() - {"LABELS"}


def source(lightweight: ModuleType, name: str) -> str:
    return getattr(lightweight.steps, name).component_spec.implementation.container.command[-1]


def test_every_step_is_the_same_function_on_the_base_image(lightweight: ModuleType) -> None:
    from components.text_classifier import component

    wrapped = {name for name, value in vars(component).items() if hasattr(value, "python_func")}
    assert names(lightweight) == wrapped
    for name in wrapped:
        ours, theirs = getattr(lightweight.steps, name), getattr(component, name)
        assert ours.python_func is theirs.python_func
        assert ours.component_spec.implementation.container.image == "shared"
        assert ours.component_spec.inputs == theirs.component_spec.inputs


def test_its_packages_are_those_of_the_image_at_the_same_versions(lightweight: ModuleType) -> None:
    declared = {package for packages in lightweight.PACKAGES.values() for package in packages}
    assert declared == set((FOLDER / "requirements.txt").read_text().split())


def packed(lightweight: ModuleType, name: str) -> dict[str, str]:
    """Module to source, of all that a step brings along."""
    text = source(lightweight, name).split('_packed = "')[1].split('"')[0]
    files = json.loads(bz2.decompress(base64.b64decode(text)))
    return {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): text for name, text in files.items()}


def at_once(texts: dict[str, str], body: list[ast.stmt], module: str) -> set[str]:
    """The packages that statements import at once: what stands in functions, or is for type checkers, is not."""
    found = set()
    for name in (name for node in body for name in imported(node, module)):
        inner = next((each for each in (name, name.rpartition(".")[0]) if each in texts), None)
        if inner is None:
            found.add(name.split(".")[0])
        elif inner != module:
            found |= at_once(texts, ast.parse(texts[inner]).body, inner)
    return found


LAZY = {"attempt": {"gensim"}}  # imported within the functions that a step calls


def test_a_package_that_a_step_imports_is_declared_at_the_step(lightweight: ModuleType) -> None:
    packages = {"gensim": "gensim", "kserve": "kserve", "sklearn": "scikit-learn"}
    for name in names(lightweight):
        texts, function = packed(lightweight, name), ast.parse(source(lightweight, name)).body[-1]
        needed = at_once(texts, function.body, "")
        for module in lightweight.ALSO.get(name, []):
            needed |= at_once(texts, ast.parse(texts[module]).body, module)
        wanted = {package for module, package in packages.items() if module in needed} | LAZY.get(name, set())
        assert {package.split("==")[0] for package in lightweight.PACKAGES.get(name, [])} == wanted, name


PROGRAM = """
import sys
exec(compile(open(sys.argv[1]).read(), "step", "exec"))
assert not any("/components/" in place for place in sys.path), sys.path
import json, os
from types import SimpleNamespace
data = SimpleNamespace(path="data", metadata={})
metrics = SimpleNamespace(log_metric=lambda name, value: None)
prepare("fixture-7", "fixture-7", "text", "label", 0.2, 200, 20000, "none", data, metrics)
import text_classifier, subprocess
assert text_classifier.__file__.startswith(os.environ["PYTHONPATH"].split(os.pathsep)[0])
subprocess.run([sys.executable, "-c", "import text_classifier.table"], check=True)
print(json.dumps(data.metadata))
"""


def test_a_step_runs_of_nothing_but_its_manifest_and_gives_the_same(
    lightweight: ModuleType, small: Small, tmp_path: Path
) -> None:
    (tmp_path / "step.py").write_text(source(lightweight, "prepare"))
    done = run_python(PROGRAM, tmp_path, "step.py", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == small.used


def test_its_pods_are_marked(lightweight: ModuleType) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY), *sys.path])
        module = import_module("generators.pipelines.text_classifier_lightweight")
    pipeline = module.text_classifier_lightweight
    spec, platform = (MessageToDict(each) for each in (pipeline.pipeline_spec, pipeline.platform_spec))
    pods = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    containers = {name for name, found in spec["deploymentSpec"]["executors"].items() if "container" in found}
    labels = {name: pod.get("podMetadata", {}).get("labels") for name, pod in pods.items()}
    assert labels == dict.fromkeys(containers, lightweight.LABELS)
    assert "for trying out" in spec["pipelineInfo"]["description"]
