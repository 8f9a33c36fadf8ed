"""What an AppProject admits is what Argo CD says that it does: the cases are those of its own tests and documents."""

from __future__ import annotations

from typing import Any

import pytest

from generators.checks.projects import admits_destination, admits_kind, admits_source, normalized

JOB = [{"group": "batch", "kind": "Job"}]


@pytest.mark.parametrize(
    ("spec", "namespaced", "admitted"),
    [
        ({}, True, True),  # no list of kinds of a namespace admits all of them
        ({"namespaceResourceWhitelist": None}, True, True),
        ({"namespaceResourceWhitelist": []}, True, False),
        ({"namespaceResourceWhitelist": JOB}, True, True),
        ({"namespaceResourceWhitelist": [{"group": "*", "kind": "*"}]}, True, True),
        ({"namespaceResourceWhitelist": [{"group": "batch", "kind": "J*"}]}, True, True),
        ({"namespaceResourceWhitelist": [{"group": "", "kind": "Job"}]}, True, False),
        ({"namespaceResourceBlacklist": JOB}, True, False),
        ({"namespaceResourceWhitelist": JOB, "namespaceResourceBlacklist": JOB}, True, False),
        ({}, False, False),  # of kinds of a whole cluster it admits none
        ({"clusterResourceWhitelist": JOB}, False, True),
        ({"clusterResourceWhitelist": [{**JOB[0], "name": "x-*"}]}, False, False),
        ({"clusterResourceWhitelist": [{**JOB[0], "name": "ru?"}]}, False, True),
        ({"clusterResourceWhitelist": JOB, "clusterResourceBlacklist": [{"group": "*", "kind": "*"}]}, False, False),
    ],
)
def test_kinds(spec: dict[str, Any], namespaced: bool, admitted: bool) -> None:
    assert admits_kind(spec, "batch", "Job", "run", namespaced) is admitted


SERVER = "https://team1-us.test"


@pytest.mark.parametrize(
    ("destinations", "namespace", "admitted"),
    [
        ([], "ml", False),
        ([{"server": SERVER, "namespace": "ml"}], "ml", True),
        ([{"server": SERVER, "namespace": "ml"}], "ml2", False),
        ([{"server": "*", "namespace": "ml-*"}], "ml-prod", True),
        ([{"server": "https://team1-*", "namespace": "*"}], "x", True),
        ([{"server": SERVER, "namespace": ""}], "x", False),
        ([{"server": "*", "namespace": "!kube-system"}], "kube-system", False),
        ([{"server": "*", "namespace": "!kube-system"}], "ml", True),
        ([{"server": "*", "namespace": "*"}, {"server": "*", "namespace": "!kube-system"}], "kube-system", False),
        ([{"server": "!https://team1-*", "namespace": "*"}, {"server": "*", "namespace": "*"}], "x", False),
        ([{"server": "!https://other", "namespace": "*"}, {"server": "*", "namespace": "*"}], "x", True),
        ([{"name": "!us", "server": "", "namespace": "*"}, {"server": "*", "namespace": "*"}], "x", False),
    ],
)
def test_destinations(destinations: list[dict[str, str]], namespace: str, admitted: bool) -> None:
    assert admits_destination({"destinations": destinations}, SERVER, namespace) is admitted


@pytest.mark.parametrize(
    ("sources", "admitted"),
    [
        ([], False),
        (["*"], True),
        (["https://git.test/ml/pipelines"], True),
        (["https://git.test/*/pipelines.git"], True),
        (["https://git.test/*"], False),  # one star stays in its part of a path
        (["https://git.test/**"], True),
        (["*", "!https://git.test/ml/*"], False),
        (["!https://git.test/other/*", "*"], True),
    ],
)
def test_sources(sources: list[str], admitted: bool) -> None:
    assert admits_source({"sourceRepos": sources}, "https://git.test/ML/pipelines.git") is admitted


def test_an_address_of_ssh_is_one_however_it_is_written() -> None:
    assert normalized("git@Git.test:ml/a.git") == normalized("ssh://git@git.test/ml/a") == "git@git.test/ml/a"
