"""Two environments share no namespace, no database and no place in an object store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
PROD, STAGING, LOCAL = "environments/prod.yml", "environments/staging.yml", "environments/local.yml"
DATABASE, STORE = "postgresql://mlflow@db.staging.test:5432/mlflow", "s3://greet-staging"

SHARED = {
    "a database": (DATABASE, "postgresql://mlflow@db.prod.test:5432/mlflow", "database.url"),
    "a database by another user": (DATABASE, "postgresql://other@DB.prod.test/mlflow?sslmode=require", "database.url"),
    "a bucket": (STORE, "s3://greet-prod", "storage.uri"),
    "a bucket with a slash": (STORE, "s3://greet-prod/", "storage.uri"),
    "a folder in the other's": (STORE, "s3://greet-prod/staging", "storage.uri"),
}
APART = {
    "another database of one server": (DATABASE, "postgresql://mlflow@db.prod.test:5432/staging"),
    "another schema of one database": (DATABASE, "postgresql://mlflow@db.prod.test/mlflow?options=-csearch_path=b"),
    "another bucket that begins alike": (STORE, "s3://greet-prod2"),
}


def _found(tiny: Path) -> list[tuple[str, str]]:
    return [(each.place.file, each.path) for each in check.check(Repository(tiny)) if each.rule.startswith("shared-")]


@pytest.mark.parametrize("what", SHARED)
def test_what_two_environments_claim_is_refused_in_both(tiny: Path, edit: Edit, what: str) -> None:
    old, new, path = SHARED[what]
    edit(tiny / STAGING, old, new)

    assert _found(tiny) == [(PROD, path), (STAGING, path)]


@pytest.mark.parametrize("what", APART)
def test_what_only_looks_alike_passes(tiny: Path, edit: Edit, what: str) -> None:
    edit(tiny / STAGING, *APART[what])

    assert _found(tiny) == []


def test_two_environments_on_this_machine_share_no_file(tiny: Path) -> None:
    text = (tiny / LOCAL).read_text()
    (tiny / "environments/other.yml").write_text(text.replace("environment: local", "environment: other"))

    assert {path for _, path in _found(tiny)} == {"database.url", "storage.uri"}


def test_a_cluster_that_is_written_twice_is_named(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, "https://west.prod.test", "https://east.prod.test")

    found = {each.path: each.message for each in check.check(Repository(tiny)) if each.rule == "shared-namespace"}

    assert found == {
        "clusters.east": "this is the cluster west once more: both have the same server",
        "clusters.west": "this is the cluster east once more: both have the same server",
    }


def test_a_value_that_stands_in_for_a_mistake_is_shared_with_nobody(tiny: Path, edit: Edit) -> None:
    edit(tiny / STAGING, DATABASE, "mysql://a@b/c")
    edit(tiny / PROD, "postgresql://mlflow@db.prod.test:5432/mlflow", "mysql://a@b/c")

    assert _found(tiny) == []
