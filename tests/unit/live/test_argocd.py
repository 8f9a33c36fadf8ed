"""An Application's status as Argo CD writes it, and what of it is told."""

from __future__ import annotations

from typing import Any

import pytest

from generators.live import argocd

REFUSED = {"kind": "Job", "name": "run-churn", "status": "SyncFailed", "message": "denied by\n quota"}
APPLIED = {"kind": "ConfigMap", "name": "churn", "status": "Synced", "message": "serverside-applied"}


def application(**status: Any) -> Any:
    return argocd.application({"metadata": {"name": "eu-churn"}, "status": status})


def test_sync_health_and_revision_are_those_of_the_status() -> None:
    found = application(sync={"status": "Synced", "revision": "abc"}, health={"status": "Healthy"})

    assert (found.sync, found.health, found.revision, found.message) == ("Synced", "Healthy", "abc", "")


def test_an_application_that_nobody_has_looked_at_yet_is_unknown() -> None:
    found = argocd.application({"metadata": {"name": "eu-churn"}})

    assert (found.sync, found.health) == ("Unknown", "Unknown")


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ({"conditions": [{"type": "ComparisonError", "message": "no such path"}]}, "no such path"),
        ({"conditions": [{"type": "OrphanedResourceWarning", "message": "an orphan"}]}, ""),
        (
            {"operationState": {"phase": "Failed", "message": "one or more objects failed"}},
            "one or more objects failed",
        ),
        ({"operationState": {"phase": "Succeeded", "message": "successfully synced"}}, ""),
        ({"operationState": {"phase": "Running", "message": "waiting for completion"}}, ""),
        (
            {"operationState": {"phase": "Running", "syncResult": {"resources": [APPLIED, REFUSED]}}},
            "Job run-churn: denied by quota",
        ),
    ],
)
def test_the_message_is_why_it_is_not_in_order(status: dict[str, Any], message: str) -> None:
    assert application(**status).message == message


def test_versions_are_those_that_git_still_has() -> None:
    kept = {"kind": "WorkflowTemplate", "name": "churn-old", "requiresPruning": True}

    found = application(resources=[kept, {"kind": "WorkflowTemplate", "name": "churn-new"}])
    assert found.versions == {"WorkflowTemplate": ("churn-new",)}


def test_pages_are_where_argo_cd_says_that_it_is() -> None:
    known = argocd.ArgoCD(urls={"argocd": "https://cd.test/"})

    assert known.link("argocd", "eu-churn") == "https://cd.test/applications/argocd/eu-churn"
    assert argocd.ArgoCD().link("argocd", "eu-churn") == ""
