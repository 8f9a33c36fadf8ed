"""An engine, a check and a verb are each one file: here they are added to a copy of graft, and used."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Edit = Callable[[Path, str, str], None]

ENGINE = '''
"""Runs a pipeline by handing its definition's name to whoever reads ConfigMaps."""

from generators.engines.engine import Engine, Rendered, Unsupported
from generators.ir.normal_form import IR_NAMES


def _render(target, spec, platform):
    for path, step in target.pipeline.steps.items():
        if step.retry.get("factor"):
            setting = ("retry", "factor")
            refused = Unsupported("retry", path, "waits are not multiplied", fix="leave it", setting=setting)
            return Rendered({}, (refused,))
    metadata = {"name": target.definition.pipeline, "namespace": target.environment.namespace}
    data = {"definition": target.definition.hash, "zone": target.cluster.facts["zone"]}
    return Rendered({"run.yaml": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}]})


ENGINE = Engine(
    name="toy",
    needs=("server", "zone"),
    takes=frozenset({"server", "zone", "capacity"}),
    facts={"zone": {"description": "where it is", "enum": ["here", "there"]}},
    render=_render,
    read_back=lambda obj: None,
    names=lambda: IR_NAMES,
)
'''
CHECK = '''
"""Whether a ConfigMap says in which zone it is."""

from generators.model import Finding, Place


def check_objects(rendered, inputs):
    for file, objects in rendered.files.items():
        for obj in objects:
            if obj.get("kind") == "ConfigMap" and obj["data"].get("zone") == "there":
                yield Finding("warning", "zones", "there", Place(file), "data.zone", "is far away")
'''
VERB = '''
"""`graft pipelines`: what is deployed, by name."""

import typer

from generators import options
from generators.fleet.cache import Cache
from generators.fleet.fleet import load


def command(repo: options.RepoOption = None, output: options.OutputOption = options.Output.TEXT) -> None:
    """Name every pipeline."""
    fleet = load(options.repository(repo), Cache.of_user())
    print(*sorted({each.name for found in fleet.environments.values() for each in found.pipelines}))
'''
WEST = 'west: {engine: kubeflow, mode: multi-user, server: "https://west.prod.test"'
TOY = 'west: {engine: toy, zone: there, server: "https://west.prod.test"'


@pytest.fixture
def copy(tmp_path: Path, edit: Edit) -> Path:
    """A folder with a copy of graft's code, to which the three files are added."""
    folder = tmp_path / "graft"
    shutil.copytree(ROOT / "generators", folder / "generators", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "generators/engines/toy.py").write_text(ENGINE)
    (folder / "generators/checks/zones.py").write_text(CHECK)
    (folder / "generators/verbs/pipelines.py").write_text(VERB)
    registry = folder / "generators/engines/registry.py"
    edit(registry, "        local.ENGINE,\n", "        local.ENGINE,\n        toy.ENGINE,\n")
    edit(registry, "import argo, kubeflow, local", "import argo, kubeflow, local, toy")
    return folder


def _graft(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generators.cli", *arguments]  # from its folder, so that the copy is what runs
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)


def _make_schemas(copy: Path, repository: Path) -> None:
    program = "from pathlib import Path; from generators.fleet.derived_schemas import derived; "
    program += "from generators.inventory.read import Repository; root = Path({!r}); "
    program += "[(root / file).write_text(text) for file, text in derived(Repository(root)).items()]"
    subprocess.run([sys.executable, "-c", program.format(str(repository))], cwd=copy, check=True)


def test_an_engine_a_check_and_a_verb_are_each_one_file(copy: Path, tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", WEST, TOY)
    _make_schemas(copy, tiny)

    rendered = _graft(copy, "render", "--repo", str(tiny))
    checked = _graft(copy, "check", "--repo", str(tiny), "--output", "json")
    named = _graft(copy, "pipelines", "--repo", str(tiny))

    assert rendered.returncode == 0, rendered.stderr
    assert "rendered/prod/west/            toy " in rendered.stdout
    assert "zone: there" in (tiny / "rendered/prod/west/greet/run.yaml").read_text()
    assert not (tiny / "rendered/prod/west/greet/pipeline.yaml").exists()
    findings = [
        found for found in json.loads(checked.stdout)["findings"] if found["rule"] not in ("unbuilt", "dockerfile")
    ]
    assert [(found["check"], found["file"]) for found in findings] == [
        ("zones", "rendered/prod/west/greet/run.yaml")
    ], checked.stdout
    assert (named.stdout, named.stderr) == ("greet\n", "")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("zone: there, ", "", "a cluster with the engine toy needs 'zone'"),
        ("zone: there", "zone: nowhere", "allowed  here, there"),
        ("zone: there", "zone: there, mode: multi-user", "nothing uses this on a cluster with the engine toy"),
        ("engine: toy", "engine: toi", "did you mean toy?"),
        (
            "{accelerator: optional}",
            "{retry: {count: 1, factor: 2}}",
            ":34:50: error: pipelines.greet.steps.people/greet.retry.factor: waits",
        ),
    ],
)
def test_what_an_engine_asks_for_is_checked_at_its_line(
    copy: Path, tiny: Path, edit: Edit, old: str, new: str, words: str
) -> None:
    edit(tiny / "environments/prod.yml", WEST, TOY)
    edit(tiny / "environments/prod.yml", old, new)
    _make_schemas(copy, tiny)

    done = _graft(copy, "check", "--repo", str(tiny))

    assert done.returncode == 1 and words in done.stdout, done.stdout + done.stderr
