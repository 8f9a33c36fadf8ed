"""What is not to be started on a cluster is refused with the reason, before anything is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generators.errors import GraftError, Stale, Unreached
from generators.inventory.read import Repository
from generators.live import starting
from generators.live.wanted import Access
from generators.verbs import render, run

Edit = Callable[[Path, str, str], None]


def start(repository: Path, env: str, cluster: str, *given: str, access: Access = Access()) -> Any:  # noqa: B008
    environ = {"KUBECONFIG": str(repository / "none")}
    return starting.start(Repository(repository), "greet", env, cluster, list(given), access, environ)


@pytest.mark.parametrize(
    ("env", "cluster", "message", "fix"),
    [
        ("local", "laptop", "laptop is this machine", "leave --cluster out"),
        ("local", "two", "local has no cluster 'two'", "it is one of staging: --env staging"),
        ("staging", "tow", "staging has no cluster 'tow'", "did you mean two?"),
    ],
)
def test_a_cluster_that_is_another_is_refused(tiny: Path, env: str, cluster: str, message: str, fix: str) -> None:
    with pytest.raises(GraftError, match=message) as refused:
        start(tiny, env, cluster)
    assert fix in refused.value.fix


def test_images_that_nobody_has_built_are_refused(tiny: Path) -> None:
    with pytest.raises(GraftError, match="names images that nobody has built"):
        start(tiny, "staging", "two")


def test_a_tree_that_is_stale_is_refused_for_this_cluster_alone(built: Path, edit: Edit) -> None:
    edit(built / "rendered/staging/two/greet/intent.yaml", "version: greet-", "version: other-")

    with pytest.raises(Stale) as stale:
        start(built, "staging", "two")
    assert stale.value.files == ("rendered/staging/two/greet/intent.yaml",)
    with pytest.raises(Unreached):  # which is further
        start(built, "staging", "one", access=Access("http://127.0.0.1:9"))


def test_a_cluster_without_a_context_is_said_with_its_server(built: Path) -> None:
    with pytest.raises(Unreached, match=r"no context in .*none has the server https://two.staging.test"):
        start(built, "staging", "two")


def test_an_engine_that_starts_nothing_is_refused(built: Path, edit: Edit) -> None:
    edit(built / "environments/staging.yml", "clusters:", "clusters:\n    here: {engine: local}")
    render.render(Repository(built))

    with pytest.raises(GraftError, match="here is this machine"):
        start(built, "staging", "here")


def test_options_of_kubeflow_are_refused_for_argo(built: Path) -> None:
    with pytest.raises(GraftError, match="the engine of two is argo"):
        start(built, "staging", "two", access=Access(api="http://localhost:8888"))


def test_a_pipeline_that_runs_on_other_clusters_is_refused(built: Path, edit: Edit) -> None:
    edit(built / "environments/staging.yml", "      track: head", "      track: head\n      clusters: [one]")
    render.render(Repository(built))

    with pytest.raises(GraftError, match="greet does not run on two; it runs on: one"):
        start(built, "staging", "two")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"from_": "collect", "cluster": "two"}, "--from is for runs on this machine"),
        ({"changed": True, "cluster": "two"}, "--changed is for runs on this machine"),
        ({"no_wait": True}, "--no-wait goes with --cluster"),
        ({"api": "http://localhost:8888"}, "--api goes with --cluster"),
    ],
)
def test_options_that_do_not_go_together_are_refused(tiny: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(GraftError, match=message):
        run.command("greet", repo=tiny, **options)


def test_an_environment_without_this_machine_names_its_clusters(tiny: Path) -> None:
    with pytest.raises(GraftError, match="no cluster of staging is this machine") as refused:
        run.command("greet", env="staging", repo=tiny)
    assert "--cluster one, two" in refused.value.fix
