"""What is said of a cache is what it does: Argo's key is in the manifest, and changes exactly when it is said to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generators.engines.registry import ENGINES
from generators.inventory.read import Repository
from generators.model import Cluster
from generators.verbs import render
from generators.verbs.diff import diff

TEMPLATE = "rendered/staging/two/greet/workflowtemplate.yaml"
SETTINGS = {
    "env: {A: b}": True,
    "secrets: {A: {secret: s, key: k}}": True,
    "requests: {cpu: 100m}": True,
    "uses: [storage]": True,
    "labels: {a.test/b: c}": False,
    "timeout: 10m": False,
    "retry: {count: 1}": False,
    "pull_policy: Always": False,
}


def key(repository: Path, template: str) -> str:
    (document,) = yaml.load_all((repository / TEMPLATE).read_text(), yaml.CSafeLoader)
    found = {each["name"]: each for each in document["spec"]["templates"]}
    return found[template]["memoize"]["key"]


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_step_reruns_on_argo_exactly_where_its_key_changes(
    tiny: Path, commit: Callable[[Path], None], edit: Callable[[Path, str, str], None], setting: str
) -> None:
    commit(tiny)
    before = key(tiny, "collect")
    edit(tiny / "base/pipelines/greet.yml", "collect: {", f"collect: {{{setting}, ")
    change = diff(Repository(tiny), "HEAD")
    render.render(Repository(tiny))
    (two,) = (each for each in change.pipelines if "staging/two" in each.places)
    (collect,) = (task for task in two.tasks if task.step == "collect")

    assert (key(tiny, "collect") != before) is SETTINGS[setting]
    assert (collect.consequence == "reruns") is SETTINGS[setting]
    assert collect.category == ("metadata only" if setting.startswith("labels") else "directly changed")


@pytest.mark.parametrize(
    ("release", "sees"), [("2.5", False), ("2.17", False), ("2.17.3", False), ("2.18", True), ("3.0", True)]
)
def test_the_release_of_kubeflow_decides_what_its_cache_looks_at(release: str, sees: bool) -> None:
    rule = ENGINES["kubeflow"].cache(Cluster("a", "kubeflow", facts={"release": release}))

    assert ("variable" in rule.key, rule.obeys_own_key) == (sees, sees)
    assert "secret" not in rule.key and "image" in rule.key


def test_a_cluster_that_does_not_say_its_release_has_the_cache_that_sees_less() -> None:
    assert ENGINES["kubeflow"].cache(Cluster("a", "kubeflow")).said == "the cache of Kubeflow Pipelines 2.17"


def test_this_machine_has_no_cache_that_stands_for_a_step() -> None:
    assert ENGINES["local"].cache(Cluster("a", "local")) is None
