"""`graft status` reads real API servers: Applications, intents, records as they are, and one cluster that is gone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster.apiserver import ApiServer
from cluster.requirements import MissingRequirement, not_run
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from generators.inventory.read import Repository
from generators.verbs import render

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests/tiny"
NAMESPACE, ARGOCD, GONE = "greet-status", "argocd", "https://127.0.0.1:9"
LOG = "epoch 1\nTraceback (most recent call last):\nValueError: nobody was greeted"


@dataclass
class Fleet:
    """A repository whose environment staging has two clusters, the real one and one that is gone."""

    server: ApiServer
    repository: Path
    config: Path
    version: str

    def status(self, *options: str, config: Path | None = None) -> subprocess.CompletedProcess[str]:
        """`graft status` in the network of the cluster, as a person who has the kubeconfig."""
        graft = Path(sys.executable).with_name("graft")
        command = [*self.server.sandbox.enter, graft, "status", *options, "--repo", self.repository]
        environment = {**os.environ, "KUBECONFIG": str(config or self.config), "NO_COLOR": "1"}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)

    def rows(self, *options: str) -> dict[str, Any]:
        """The rows of staging by their cluster."""
        printed = self.status("staging", "--output", "json", *options)
        found = json.loads(printed.stdout)
        assert problems(found) == []
        unreached = {each["path"]: each["message"] for each in found["findings"]}
        assert unreached.keys() == {"staging.clusters.one"}, str(unreached)
        return {row["cluster"]: row for row in found["rows"]}

    def put(self, *objects: dict[str, Any]) -> None:
        self.server.apply(objects, "--force-conflicts")


@pytest.fixture(scope="module")
def fleet(
    control_plane: ApiServer | MissingRequirement, request: pytest.FixtureRequest, tmp_path_factory: Any
) -> Fleet:
    if isinstance(control_plane, MissingRequirement):
        not_run(request, control_plane)
    folder = tmp_path_factory.mktemp("status") / "tiny"
    shutil.copytree(TINY, folder, symlinks=True)
    (folder / "schemas").unlink()
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    file = folder / "environments/staging.yml"
    text = file.read_text().replace("https://two.staging.test", control_plane.site.url)
    text = text.replace("https://one.staging.test", GONE)
    text = text.replace("namespace: greet-staging", f"namespace: {NAMESPACE}")
    text = re.sub("schedule: .*", 'schedule: {cron: "30 3 * * *", timezone: Asia/Tokyo}', text)
    file.write_text(text)
    render.render(Repository(folder))
    intent = yaml.load((folder / "rendered/staging/two/greet/intent.yaml").read_text(), yaml.CSafeLoader)
    control_plane.kubectl("get", "--raw=/openapi/v2")  # made at the first request, and kubectl's own waits 32 s at most
    for name in (NAMESPACE, ARGOCD):
        control_plane.namespace(name)
    config = kubeconfig(control_plane, folder.parent / "config")
    return Fleet(control_plane, folder, config, intent["data"]["version"])


def kubeconfig(server: ApiServer, file: Path) -> Path:
    """The administrator's, with a second context for a cluster that is gone."""
    known = yaml.load(server.admin.read_text(), yaml.CSafeLoader)
    context = known["contexts"][0]
    known["clusters"].append({"name": "gone", "cluster": {"server": GONE}})
    known["contexts"].append({"name": "gone", "context": {**context["context"], "cluster": "gone"}})
    file.write_text(yaml.safe_dump(known))
    return file


@pytest.fixture(scope="module")
def seen(fleet: Fleet) -> Fleet:
    """The same once there is something to see: an Application out of order, an intent, two records, a Workflow."""
    created = datetime.now(UTC) - timedelta(hours=2)
    fleet.put(application(fleet.version), intent("greet-0000000000"))
    fleet.put(record("old", created - timedelta(days=1)), record("new", created, "Failed", step="collect", log=LOG))
    return fleet


def test_a_row_says_what_git_argo_cd_and_the_cluster_say(seen: Fleet) -> None:
    row = seen.rows()["two"]

    assert row["version"] == {"git": seen.version, "live": "greet-0000000000"}
    assert (row["application"]["sync"], row["application"]["health"]) == ("OutOfSync", "Degraded")
    assert row["application"]["message"] == "WorkflowTemplate greet-1: denied by a policy"
    assert (row["run"]["name"], row["run"]["phase"], row["run"]["step"]) == ("new", "Failed", "collect")
    assert row["run"]["log"] == LOG and row["run"]["seconds"] == 60
    assert row["run"]["metric"] == {"name": "accuracy", "value": 0.79}
    assert row["schedule"]["next"].endswith("T03:30:00+09:00")


def test_a_cluster_that_is_gone_is_said_with_its_place_and_harms_no_other(seen: Fleet) -> None:
    printed = seen.status("staging", "--output", "json")

    assert printed.returncode == 1
    found = json.loads(printed.stdout)
    [finding] = found["findings"]
    assert (finding["verdict"], finding["path"]) == ("unchecked", "staging.clusters.one")
    assert finding["file"] == "environments/staging.yml" and GONE in finding["message"] and finding["fix"]
    rows = {row["cluster"]: row for row in found["rows"]}
    assert rows["one"]["version"]["live"] is None and rows["one"]["version"]["git"]
    assert rows["two"]["version"]["live"]


def test_the_text_fits_100_columns_and_shows_the_failing_steps_last_lines(seen: Fleet) -> None:
    printed = seen.status("staging")

    assert printed.returncode == 1, printed.stderr
    table, _, findings = printed.stdout.partition("environments/staging.yml")
    assert max(map(len, table.splitlines())) <= 100, printed.stdout
    assert "ValueError: nobody was greeted" in table and "denied by a policy" in table
    assert "staging/one" in table and "not reached" in table and "live 000000" in table
    assert "accuracy 0.79" in table and GONE in findings


def test_a_run_that_goes_on_is_newer_than_a_record(seen: Fleet) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    workflow = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": "live", "namespace": NAMESPACE, "labels": labels()},
        "spec": {"workflowTemplateRef": {"name": seen.version}},
        "status": {"phase": "Running", "startedAt": now},
    }
    seen.put(workflow)

    run = seen.rows()["two"]["run"]
    assert (run["name"], run["phase"], run["version"]) == ("live", "Running", seen.version)
    seen.server.kubectl("delete", "workflow", "live", f"--namespace={NAMESPACE}")


def test_argo_cd_is_asked_in_the_context_that_is_named(seen: Fleet) -> None:
    printed = seen.status("staging", "--output", "json", "--argocd", "gone")

    reasons = {each["path"]: each["message"] for each in json.loads(printed.stdout)["findings"]}
    assert reasons.keys() == {"argocd", "staging.clusters.one"}
    assert json.loads(printed.stdout)["rows"][1]["application"] is None


def test_an_unknown_context_and_a_missing_kubeconfig_are_said_and_what_to_do(seen: Fleet, tmp_path: Path) -> None:
    unknown = seen.status("staging", "--argocd", "gonee")
    assert unknown.returncode == 1 and "did you mean gone?" in unknown.stdout

    missing = seen.status("staging", config=tmp_path / "none")
    assert missing.returncode == 1
    assert "no context in" in missing.stdout and "KUBECONFIG" in missing.stdout


def test_someone_without_rights_is_told_which(seen: Fleet) -> None:
    config = seen.server.authority.kubeconfig("nobody", seen.server.site.url, "nobody")

    printed = seen.status("staging", "--output", "json", config=config)
    assert printed.returncode == 1, printed.stderr
    reasons = {each["path"]: each["message"] for each in json.loads(printed.stdout)["findings"]}
    assert 'User "nobody" cannot list resource "configmaps"' in reasons["staging.clusters.two"]
    assert 'cannot list resource "applications"' in reasons["argocd"]


def test_what_is_watched_is_drawn_again_until_ctrl_c(seen: Fleet) -> None:
    import signal
    import time

    graft = Path(sys.executable).with_name("graft")
    command = [*seen.server.sandbox.enter, graft, "status", "staging", "--watch", "--repo", seen.repository]
    environment = {**os.environ, "KUBECONFIG": str(seen.config), "NO_COLOR": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    time.sleep(20)
    for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split() or [process.pid]:
        os.kill(int(pid), signal.SIGINT)
    printed, said = process.communicate(timeout=180)  # a request that is under way ends first

    assert "OutOfSync" in printed and "Traceback" not in said, said


def labels(**more: str) -> dict[str, str]:
    own = {"app.kubernetes.io/name": "greet", "app.kubernetes.io/managed-by": "graft", "graft.dev/definition": "d"}
    return own | more


def config_map(name: str, data: dict[str, str], kind: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": NAMESPACE, "labels": labels(**{"graft.dev/record": kind})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def intent(version: str) -> dict[str, Any]:
    return config_map("greet", {"version": version}, "intent")


def record(name: str, started: datetime, phase: str = "Succeeded", **data: str) -> dict[str, Any]:
    form = "%Y-%m-%dT%H:%M:%SZ"
    times = {"started": started.strftime(form), "finished": (started + timedelta(minutes=1)).strftime(form)}
    outputs = json.dumps({"parameters": {}, "metrics": {"gate: accuracy": 0.79}})
    known = {"run": name, "pipeline": "greet", "version": "greet-0000000000", "phase": phase, "outputs": outputs}
    return config_map(f"run-{name}", {**known, **times, **data}, "run")


def application(version: str) -> dict[str, Any]:
    """The Application as Argo CD leaves it after a sync that a policy has refused."""
    refused = {
        "group": "argoproj.io",
        "version": "v1alpha1",
        "kind": "WorkflowTemplate",
        "namespace": NAMESPACE,
        "name": "greet-1",
        "status": "SyncFailed",
        "message": "denied by a policy",
    }
    source = {"repoURL": "https://git.test/ml.git", "path": "rendered/staging/two/greet", "targetRevision": "main"}
    times = {"startedAt": "2026-11-27T10:00:00Z", "finishedAt": "2026-11-27T10:00:05Z"}
    operation = {
        **times,
        "phase": "Failed",
        "message": "one or more objects failed to apply",
        "operation": {},
        "syncResult": {"revision": "abc", "source": source, "resources": [refused]},
    }
    metadata = {"name": "staging-two-greet", "namespace": ARGOCD, "labels": labels()}
    destination = {"server": "https://two.test", "namespace": NAMESPACE}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": metadata,
        "spec": {"project": "staging-pipelines", "source": source, "destination": destination},
        "status": {
            "sync": {
                "status": "OutOfSync",
                "revision": "abc",
                "comparedTo": {"source": source, "destination": destination},
            },
            "health": {"status": "Degraded"},
            "operationState": operation,
            "resources": [{"group": "argoproj.io", "kind": "WorkflowTemplate", "name": version}],
        },
    }


def problems(printed: Any) -> list[str]:
    """Where what was printed is not of the published schema."""
    folder = ROOT / "schemas/output"
    contents = {file.name: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}
    registry = Registry().with_resources((each, Resource.from_contents(schema)) for each, schema in contents.items())
    validator = Draft202012Validator(contents["status.schema.json"], registry=registry)
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(printed)]
