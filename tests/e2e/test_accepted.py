"""The real API server accepts everything that graft writes, with the real definitions and no field that they lack."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import suite
import yaml
from cluster.process import CommandFailed, wait_until

from generators.engines.argo import submit
from generators.model import Schedule

ROOT = Path(__file__).parents[2]
TREES = ("rendered", "tests/tiny/rendered")
CASES = [name for name in suite.NAMES if not suite.expected(name).refused]
STARTED = [name for name in CASES if "parameter-value" not in suite.expected(name).local]
SCHEDULE = Schedule(("0 3 * * 1", "30 4 1 * *"), "Europe/Berlin", "forbid", suspended=True, starting_deadline=60)


def starts(name):
    """Everything that starts a case's template, or holds it."""
    given = (suite.converted(name), suite.compiled(name)[0], suite.expected(name).parameters)
    return submit.workflow(*given), submit.workflow(*given, whole=True), submit.cron_workflow(*given, SCHEDULE)


def rendered(tree):
    """The objects for clusters in all files of a tree; what a laptop runs is a compiled pipeline, of no kind."""
    documents = [yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader) for file in sorted(tree.rglob("*.yaml"))]
    return [item for items in documents for item in items if "kind" in item]


def test_every_template_of_the_suite_is_accepted(api_server):
    api_server.namespace("accepted")
    objects = [suite.converted(name) for name in CASES]

    assert len(api_server.apply(objects, "--namespace=accepted")) == len(objects) > 0


def test_everything_that_starts_a_template_is_accepted(api_server):
    api_server.namespace("accepted")
    objects = [item for name in STARTED for item in starts(name)]

    assert len(api_server.create(objects, "--namespace=accepted")) == len(objects) > 0


@pytest.mark.parametrize("tree", TREES)
def test_everything_rendered_is_accepted(tree, api_server):
    objects = rendered(ROOT / tree)
    for namespace in {item["metadata"].get("namespace", "default") for item in objects}:
        api_server.namespace(namespace)

    assert len(applied(api_server, objects)) == len(objects) > 0


def applied(server, objects):
    """What is applied, again where a policy does not see yet what it goes by, as Argo CD tries again."""

    def accepted():
        try:
            return server.apply(objects)
        except CommandFailed as failed:
            refused = [line for line in str(failed).splitlines() if line.startswith("Error from server")]
            assert refused and all("no params found" in line for line in refused), failed
            return []

    return wait_until(accepted, "policies to see what they go by")


@pytest.mark.parametrize("kind", sorted({item["kind"] for item in rendered(ROOT / "rendered")}))
def test_a_misspelt_field_is_refused(kind, api_server):
    wrong = copy.deepcopy(next(item for item in rendered(ROOT / "rendered") if item["kind"] == kind))
    wrong["metadata"].pop("namespace", None)
    wrong.get("spec", wrong)["entrypiont"] = "main"  # not every kind has a spec

    with pytest.raises(CommandFailed, match=r"unknown field.*entrypiont|entrypiont.*not declared"):
        api_server.apply([wrong])
