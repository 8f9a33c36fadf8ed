"""Which local clusters stand for those of a fleet, and what of a rendered tree is applied by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from cluster import plan
from cluster.plan import Destination, Unusable

ROOT = Path(__file__).parents[2]


def destination(server, namespace):
    return Destination("x", "x/y", server, namespace, True)


@pytest.mark.parametrize(
    ("destinations", "numbers"),
    [
        ([("https://a", "one"), ("https://b", "one")], {"https://a": 0, "https://b": 1}),
        ([("https://a", "one"), ("https://b", "two")], {"https://a": 0, "https://b": 0}),
        ([("https://a", "one"), ("https://b", "one"), ("https://c", "one")], {"https://c": 2}),
        ([("https://a", "one"), ("https://b", "two"), ("https://a", "two")], {"https://a": 0, "https://b": 1}),
    ],
)
def test_two_servers_are_one_cluster_unless_a_namespace_is_in_both(destinations, numbers):
    placed = plan.placed([destination(*each) for each in destinations])

    assert numbers.items() <= {server: site.number for server, site in placed.items()}.items()


def test_a_local_cluster_answers_by_the_names_and_at_the_port_of_those_that_it_stands_for():
    placed = plan.placed([destination("https://a.test:6443", "one"), destination("https://b.test:6443", "two")])

    assert {(site.hosts, site.port) for site in placed.values()} == {(("a.test", "b.test"), 6443)}
    with pytest.raises(Unusable, match="listens at one port"):
        plan.placed([destination("https://a.test:6443", "one"), destination("https://b.test", "two")])


def test_this_repository_can_be_shown():
    found = plan.read(ROOT / "rendered")

    assert {"staging-eu", "prod-us"} <= {each.name for each in found.destinations}
    assert [item["kind"] for item in found.applied].count("Application") == [
        item["kind"] for item in found.applied
    ].count("AppProject") / 3
    assert {item["kind"] for item in found.settings} == {"ConfigMap", "AppProject"}


def test_a_tree_that_nobody_delivers_is_refused_with_the_reason(tmp_path):
    with pytest.raises(Unusable, match="no environment is delivered"):
        plan.read(tmp_path)
