"""What a change destroys is refused, unless the same change approves it by name; fields that stay are held to stay."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generators.checks import history
from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.model import Finding

Commit = Callable[[Path], None]
FOLDER = "rendered/prod/east/greet"
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data", "namespace": "greet-prod"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}},
}
JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "once", "namespace": "greet-prod"},
    "spec": {"parallelism": 1, "template": {"spec": {"containers": [{"name": "main", "image": "a"}]}}},
}


def write(repository: Path, *objects: dict, file: str = f"{FOLDER}/extra.yaml") -> None:
    (repository / file).parent.mkdir(parents=True, exist_ok=True)
    (repository / file).write_text(yaml.safe_dump_all(objects))


def changed(obj: dict, path: str, value: object) -> dict:
    key, _, rest = path.partition(".")
    return {**obj, key: changed(obj.get(key, {}), rest, value) if rest else value}


def found(repository: Path, base: str = "HEAD") -> list[Finding]:
    return list(history.findings(Repository(repository), base))


def said(repository: Path) -> list[tuple[str, str, str]]:
    return [(each.verdict, each.rule, each.path or each.place.file) for each in found(repository)]


@pytest.fixture
def deployed(tiny: Path, commit: Commit) -> Path:
    """The tiny repository with a claim and a Job in it, committed."""
    write(tiny, CLAIM, JOB)
    commit(tiny)
    return tiny


def test_nothing_changed_is_nothing_found(deployed: Path) -> None:
    assert found(deployed) == []


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("spec.accessModes", ["ReadWriteMany"], "spec.accessModes"),
        ("spec.storageClassName", "fast", "spec.storageClassName"),
        ("spec.resources.requests.storage", "5Gi", "spec.resources.requests.storage"),
    ],
)
def test_what_a_claim_was_made_with_stays(deployed: Path, path: str, value: object, field: str) -> None:
    write(deployed, changed(CLAIM, path, value), JOB)

    (finding,) = found(deployed)
    assert (finding.verdict, finding.check, finding.rule, finding.path) == ("invalid", "history", "immutable", field)
    assert finding.fix == "give the object a new name, or leave the field as it was"


def test_a_claim_may_grow_and_a_job_may_be_suspended(deployed: Path) -> None:
    write(deployed, changed(CLAIM, "spec.resources.requests.storage", "20Gi"), changed(JOB, "spec.suspend", True))

    assert found(deployed) == []


def test_a_job_that_argo_cd_makes_anew_is_destroyed_and_not_refused(deployed: Path) -> None:
    options = {"argocd.argoproj.io/sync-options": "Replace=true, Force=true"}
    anew = changed(changed(JOB, "spec.template", {}), "metadata.annotations", options)
    write(deployed, CLAIM, anew)

    (finding,) = found(deployed)
    assert finding.rule == "deletion"
    assert "prod/east/Job/once is deleted and made again, since spec.template.spec changes" in finding.message


def test_a_claim_that_is_gone_needs_an_approval_of_this_change(deployed: Path, commit: Commit) -> None:
    write(deployed, JOB)
    (finding,) = found(deployed)
    assert finding.verdict == "invalid"
    assert (
        finding.message == "prod/east/PersistentVolumeClaim/data is deleted: the data of its volume is deleted with it"
    )
    assert "approvals/<what>.yml" in finding.fix

    approval = {"reason": "copied to the new one", "destroys": ["prod/east/PersistentVolumeClaim/data"]}
    write(deployed, approval, file="approvals/old-data.yml")
    (finding,) = found(deployed)
    assert finding.verdict == "warning"
    assert finding.message.endswith("; approved in approvals/old-data.yml: copied to the new one")

    commit(deployed)
    assert said(deployed) == [("warning", "approval", "destroys")]  # it has expired
    write(deployed, CLAIM, JOB)
    commit(deployed)
    write(deployed, JOB)
    assert ("invalid", "deletion", f"{FOLDER}/extra.yaml") in said(deployed)  # and does not count a second time
    (deployed / "approvals/old-data.yml").rename(deployed / "approvals/renamed.yml")
    assert ("invalid", "deletion", f"{FOLDER}/extra.yaml") in said(deployed)  # nor under another name
    write(deployed, {**approval, "reason": "copied again"}, file="approvals/again.yml")
    assert ("warning", "deletion", f"{FOLDER}/extra.yaml") in said(deployed)


def test_an_approval_behind_a_link_is_none(deployed: Path, commit: Commit) -> None:
    """What it leads to has other owners."""
    (deployed / "docs").mkdir()
    (deployed / "approvals").symlink_to("docs")
    commit(deployed)
    write(deployed, JOB)
    approval = {"reason": "mine", "destroys": ["prod/east/PersistentVolumeClaim/data"]}
    write(deployed, approval, file="docs/data.yml")

    assert said(deployed) == [("invalid", "deletion", f"{FOLDER}/extra.yaml")]


def test_a_claim_that_is_renamed_starts_empty(deployed: Path) -> None:
    write(deployed, changed(CLAIM, "metadata.name", "data-2"), JOB)

    (finding,) = found(deployed)
    assert "prod/east/PersistentVolumeClaim/data is renamed to data-2, which starts empty" in finding.message


def test_an_object_that_moves_to_another_file_is_not_gone(deployed: Path) -> None:
    write(deployed, JOB)
    write(deployed, CLAIM, file=f"{FOLDER}/claim.yaml")

    assert found(deployed) == []


def test_what_argo_cd_leaves_is_not_destroyed(tiny: Path, commit: Commit) -> None:
    kept = changed(CLAIM, "metadata.annotations", {"argocd.argoproj.io/sync-options": "Prune=false"})
    write(tiny, kept)
    commit(tiny)
    (tiny / FOLDER / "extra.yaml").unlink()
    assert found(tiny) == []

    for file in (tiny / FOLDER).iterdir():  # its Application goes with it, and Prune=false is not about that
        file.unlink()
    assert ("invalid", "deletion", f"{FOLDER}/extra.yaml") in said(tiny)


def test_an_approval_of_what_is_not_destroyed_is_refused_with_what_may_be_meant(deployed: Path) -> None:
    write(deployed, JOB)
    approval = {"reason": "gone", "destroys": ["prod/east/PersistentVolumeClaim/dato"]}
    write(deployed, approval, file="approvals/x.yml")

    findings = {each.rule: each for each in found(deployed)}
    assert findings["deletion"].verdict == findings["approval"].verdict == "invalid"
    assert findings["approval"].fix == "did you mean prod/east/PersistentVolumeClaim/data?"


def test_a_tenth_of_a_cluster_gone_at_once_needs_an_approval(tiny: Path, commit: Commit) -> None:
    maps = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number}", "namespace": "greet-prod"}}
        for number in range(40)
    ]
    write(tiny, *maps)
    commit(tiny)
    write(tiny, *maps[3:])
    assert found(tiny) == []

    write(tiny, *maps[30:])
    (finding,) = found(tiny)
    assert (finding.verdict, finding.rule) == ("invalid", "mass-deletion")
    assert "prod/east loses 30 of its" in finding.message
    write(tiny, {"reason": "unused", "destroys": ["prod/east"]}, file="approvals/maps.yml")
    assert [each.verdict for each in found(tiny)] == ["warning"]


def test_a_schedule_that_moves_is_a_warning_in_words(tiny: Path, commit: Commit, edit) -> None:
    commit(tiny)
    (file,) = (tiny / "rendered/prod/east/greet").glob("schedule.yaml")
    edit(file, "0 5 * * *", "0 6 * * 1")

    (finding,) = found(tiny)
    assert (finding.verdict, finding.rule) == ("warning", "schedule")
    assert finding.found == "0 6 * * 1 (At 06:00, only on Monday), Europe/Berlin"
    assert finding.allowed == "0 5 * * * (At 05:00), Europe/Berlin"


def test_what_others_merged_since_is_no_deletion(deployed: Path, commit: Commit) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=deployed, check=True, capture_output=True)

    git("checkout", "-q", "-b", "mine")
    git("checkout", "-q", "main")
    write(deployed, CLAIM, file=f"{FOLDER}/new.yaml")
    commit(deployed)
    git("checkout", "-q", "mine")

    assert found(deployed, "main") == []


def test_a_revision_that_is_not_there_is_refused(deployed: Path) -> None:
    with pytest.raises(GraftError):
        found(deployed, "nowhere")


POLICY = {
    "apiVersion": "admissionregistration.k8s.io/v1",
    "kind": "ValidatingAdmissionPolicy",
    "metadata": {"name": "prod-claims-keep-their-team"},
    "spec": {
        "matchConstraints": {
            "resourceRules": [
                {
                    "apiGroups": [""],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"],
                    "resources": ["persistentvolumeclaims"],
                }
            ]
        },
        "validations": [
            {
                "expression": "oldObject == null || object.metadata.labels.team == oldObject.metadata.labels.team",
                "message": "the team of a claim stays",
            }
        ],
    },
}


def test_a_policy_sees_what_an_object_was(tiny: Path, commit: Commit) -> None:
    def claim(team: str) -> dict:
        return changed(CLAIM, "metadata.labels", {"team": team})

    write(tiny, POLICY, file="rendered/prod/east/platform/more.yaml")
    write(tiny, claim("a"))
    commit(tiny)
    assert found(tiny) == []

    write(tiny, claim("b"))
    (finding,) = [each for each in found(tiny) if each.rule == "claims-keep-their-team"]
    assert (finding.verdict, finding.check, finding.place.file) == ("denied", "policy", f"{FOLDER}/extra.yaml")
    assert "denied request: the team of a claim stays" in finding.message


def test_check_takes_a_base(deployed: Path) -> None:
    write(deployed, JOB)

    command = [sys.executable, "-m", "generators.cli", "check", "--base", "main", "--repo", str(deployed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "error: prod/east/PersistentVolumeClaim/data is deleted" in done.stdout
