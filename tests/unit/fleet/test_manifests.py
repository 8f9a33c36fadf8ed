"""What is rendered is the same whatever was kept before, and only what a change reaches is done again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from generators.checks import registry
from generators.fleet import fleet as fleets
from generators.fleet import manifests, parallel, units
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.ir import compile as compiler
from generators.model import Finding

Edit = Callable[[Path, str, str], None]
Texts = dict[str, str]

PROD, STAGING, BASE = "environments/prod.yml", "environments/staging.yml", "base/pipelines/greet.yml"
STEP = "people/greet: {accelerator: optional}"
TWO = """two: {engine: argo, server: "https://two.staging.test", \
capacity: {cpu: "8", memory: 16Gi}, pod_security: restricted}"""
NODE = "node_selector: {pool: gpu}"
USES = "[database, storage, tfjobs]"
# Every kind of thing that a rendered file depends on, each as one edit.
INPUTS = {
    "a parameter": (PROD, "{times: 2}", "{times: 3}"),
    "a parameter of every environment": (BASE, "word: Good morning", "word: Good day"),
    "a repository": ("base/defaults.yml", "git.test/greet.git", "git.test/other.git"),
    "the image of operations": ("base/defaults.yml", "operations@sha256:" + "2" * 64, "operations@sha256:" + "3" * 64),
    "a schedule": (PROD, '"0 5 * * *"', '"0 6 * * *"'),
    "a run on merge": (STAGING, "run_on_merge: true", "run_on_merge: false"),
    "which clusters run a pipeline": (STAGING, "run_on_merge: true", "clusters: [two]"),
    "an owner": (PROD, "labels: {team: greeters}", "owner: them\n  labels: {team: greeters}"),
    "how long runs are kept": (PROD, "labels: {team: greeters}", "keep: {runs: 1d}\n  labels: {team: greeters}"),
    "how many versions are kept": (PROD, "labels: {team: greeters}", "keep: {versions: 3}\n  labels: {team: greeters}"),
    "a store of Secrets": (PROD, "labels: {team: greeters}", "secret_store: {name: v}\n  labels: {team: greeters}"),
    "a cluster's server": (PROD, "https://east.prod.test", "https://east2.prod.test"),
    "a step's use of the cluster": (STAGING, "run_on_merge: true", f"steps: {{people/greet: {{~uses: {USES}}}}}"),
    "a namespace": (PROD, "namespace: greet-prod", "namespace: greet-live"),
    "a database": (PROD, "db.prod.test", "db2.prod.test"),
    "the key of a password": (PROD, "key: password", "key: word"),
    "a storage": (PROD, "s3://greet-prod", "s3://greet-live"),
    "the Secret of a storage": (PROD, "{secret: storage, key: access-key}", "{secret: store, key: access-key}"),
    "a registry": (PROD, "registry.test/greet", "registry.test/other"),
    "a digest": (PROD, "1" * 64, "2" * 64),
    "the source of a digest": (PROD, '"723f2352"', '"723f2353"'),
    "what an image is built from": ("components/greeter/src/greeter/words.py", "def greeting", "# new\ndef greeting"),
    "a label": (PROD, "team: greeters", "team: others"),
    "a variable": (PROD, "labels: {team: greeters}", "env: {A: b}\n  labels: {team: greeters}"),
    "a pull policy": (PROD, "labels: {team: greeters}", "pull_policy: Always\n  labels: {team: greeters}"),
    "a capacity": (PROD, 'cpu: "32"', 'cpu: "48"'),
    "a node selector": (PROD, NODE, "node_selector: {pool: a100}"),
    "a toleration": (PROD, "effect: NoSchedule", "effect: NoExecute"),
    "what policies ask of production": (
        PROD,
        "labels: {team: greeters}",
        "production: true\n  labels: {team: greeters}",
    ),
    "where images may come from": (
        PROD,
        "labels: {team: greeters}",
        "registries: [x.test]\n  labels: {team: greeters}",
    ),
    "a policy that is left out": (PROD, "  labels: {", "  policies: {services-stay-inside: skip}\n  labels: {"),
    "a policy": ("schemas/policies/services-stay-inside.yaml", "'NodePort'", "'ExternalName'"),
    "the level of Pod Security on Kubeflow": (
        PROD,
        'nvidia.com/gpu: "4"}',
        'nvidia.com/gpu: "4"}\n      pod_security: baseline',
    ),
    "the level of Pod Security": (STAGING, "pod_security: restricted", "pod_security: baseline"),
    "an engine": (
        STAGING,
        TWO,
        TWO.replace("argo", "kubeflow").replace("pod_security: restricted", "mode: multi-user"),
    ),
    "a step's resources": (PROD, STEP, 'people/greet: {resources: {cpu: "1", memory: 1Gi}}'),
    "a step's variable": (PROD, STEP, "people/greet: {env: {A: b}}"),
    "a step's label": (PROD, STEP, "people/greet: {labels: {a: b}}"),
    "a step's cache": (PROD, STEP, "people/greet: {cache: false}"),
    "a step's retry": (PROD, STEP, "people/greet: {retry: {count: 2}}"),
    "a step's timeout": (PROD, STEP, "people/greet: {timeout: 1h}"),
    "a step's pull policy": (PROD, STEP, "people/greet: {pull_policy: Never}"),
    "a step's accelerator": (PROD, STEP, "people/greet: {accelerator: none}"),
    "a pipeline's code": ("generators/pipelines/greet.py", 'word: str = "Hello"', 'word: str = "Hi"'),
    "a component's code": ("components/greeter/component.py", "nobody was", "no one was"),
    "which definition": (PROD, 'definition: "4dbb8e3ec3"', "track: head"),
}


def _texts(repository: Path, cache: Path) -> Texts:
    fleet = fleets.load(Repository(repository), Cache(cache))
    rendering = manifests.render(fleet)
    assert [found for found in (*fleet.findings, *rendering.findings) if found.failing] == []
    return {path: content.text() for path, content in rendering.tree.items()}


@pytest.fixture(scope="module")
def warm(compiled_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that knows tests/tiny as it is."""
    folder = tmp_path_factory.mktemp("warm")
    _texts(compiled_tiny, folder)
    return folder


@pytest.mark.parametrize("what", INPUTS)
def test_whatever_changes_is_rendered_as_it_is_with_nothing_kept(
    tiny: Path, edit: Edit, warm: Path, tmp_path: Path, what: str
) -> None:
    before = _texts(tiny, warm)
    file, old, new = INPUTS[what]
    edit(tiny / file, old, new)

    after = _texts(tiny, warm)

    assert after == _texts(tiny, tmp_path / "cold")
    assert (after == before) is (what == "which definition"), "prod is pinned to the head"


def test_another_version_of_graft_renders_anew(tiny: Path, warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _counted(monkeypatch)
    monkeypatch.setattr("generators.fleet.cache.toolchain", lambda: "another")

    _texts(tiny, warm)

    assert made.units


def test_losing_or_damaging_what_is_kept_changes_nothing_but_time(tiny: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = _texts(tiny, cache)
    for path in [path for path in cache.rglob("*") if path.is_file()]:
        path.write_bytes(path.read_bytes()[:-3] + b"...")

    assert _texts(tiny, cache) == before
    shutil.rmtree(cache)
    assert _texts(tiny, cache) == before


def test_a_text_that_is_lost_after_it_was_looked_up_is_made_again(tiny: Path, tmp_path: Path) -> None:
    fleet = fleets.load(Repository(tiny), Cache(tmp_path / "cache"))
    rendering = manifests.render(fleet)
    before = {path: content.text() for path, content in rendering.tree.items()}
    shutil.rmtree(tmp_path / "cache/rendering")

    assert {path: content.text() for path, content in rendering.tree.items()} == before


@dataclass
class Work:
    """What was done, by the layer that did it."""

    read: list[str] = field(default_factory=list)
    compiled: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    checked: int = 0


def _counted(monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()

    def counting(owner: Any, name: str, count: Callable[..., None]) -> None:
        original = getattr(owner, name)

        def counted(*arguments: Any) -> Any:
            count(*arguments)
            return original(*arguments)

        monkeypatch.setattr(owner, name, counted)

    def checked(*arguments: Any) -> None:
        work.checked += 1

    monkeypatch.setattr(parallel, "_FEW", 1000)  # what is done in other processes is not seen here
    counting(Repository, "document", lambda repository, file: work.read.append(file))
    counting(compiler, "_by_worker", lambda root, names, mode: work.compiled.extend(names))
    counting(units.Unit, "render", lambda unit: work.units.append(_name(unit)))
    counting(registry, "_check_objects", checked)
    return work


def _name(unit: units.Unit) -> str:
    part = unit.workload.pipeline.name if unit.workload.pipeline else "platform"
    return f"{unit.workload.environment.name}/{unit.cluster.engine}/{part}"


def _checked(repository: Path, cache: Cache) -> list[Finding]:
    fleet = fleets.load(Repository(repository), cache)
    rendering = manifests.render(fleet, checks=registry.object_checks(Repository(repository), cache))
    return [*fleet.findings, *rendering.findings, *registry.check_fleet(fleet, rendering)]


REACHED = {
    "nothing": (None, Work()),
    "a parameter of one environment": (
        (PROD, "{times: 2}", "{times: 3}"),
        Work(["environments/prod.yml", "base/defaults.yml", BASE], [], ["prod/kubeflow/greet"] * 2, 2),
    ),
    "a capacity": (
        (PROD, 'cpu: "32"', 'cpu: "48"'),
        Work(["environments/prod.yml", "base/defaults.yml", BASE], [], ["prod/kubeflow/platform"], 1),
    ),
    "a comment": (
        (PROD, "  environment: prod", "  # nothing\n  environment: prod"),
        Work(["environments/prod.yml", "base/defaults.yml", BASE], [], [], 0),
    ),
    "code": (
        ("generators/pipelines/greet.py", 'word: str = "Hello"', 'word: str = "Hi"'),
        Work(
            [
                "environments/local.yml",
                "environments/prod.yml",
                "environments/staging.yml",
            ],  # what a class says of head
            ["greet"],
            ["local/local/greet", "staging/argo/greet", "staging/kubeflow/greet"],
            3,
        ),
    ),
}


@pytest.mark.parametrize("what", REACHED)
def test_an_edit_costs_what_it_reaches(
    tiny: Path, edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    cache = Cache(tmp_path / "cache")
    _checked(tiny, cache)
    change, expected = REACHED[what]
    if change:
        edit(tiny / change[0], *change[1:])
    work = _counted(monkeypatch)

    _checked(tiny, cache)

    assert set(expected.read) <= set(work.read) and len(work.read) <= len(set(work.read)) * 2
    assert {file for file in work.read if file.startswith("environments/")} == {
        file for file in expected.read if file.startswith("environments/")
    }
    assert (work.compiled, sorted(work.units), work.checked) == (expected.compiled, expected.units, expected.checked)


def test_clusters_that_say_the_same_are_made_once(
    tiny: Path, edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (west,) = [line.strip() for line in (tiny / PROD).read_text().splitlines() if line.startswith("    west: ")]
    twins = "".join(f"\n    {west.replace('west', f'west-{number}')}" for number in range(5))
    edit(tiny / PROD, west, west + twins)
    work = _counted(monkeypatch)

    texts = _texts(tiny, tmp_path / "cache")

    assert work.units.count("prod/kubeflow/greet") == 2, "east, and all that are like west"
    assert len({texts[f"prod/{name}/greet/pipelineversion.yaml"] for name in _clusters(texts) if "west" in name}) == 1
    assert len([name for name in _clusters(texts) if "west" in name]) == 6


def _clusters(texts: Texts) -> Iterator[str]:
    yield from {path.split("/")[1] for path in texts if path.startswith("prod/")}
