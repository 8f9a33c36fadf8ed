"""On Kubeflow a Job and a CronJob start runs by KFP's API: as rendered, on a real node, as the rendered account.

Kubeflow Pipelines itself is not to be had: in its place is the server of its published API that `operations` is tested
against, and a run ends when a test says so.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from cluster import node, plan, scenario
from cluster.operations import COMPONENT
from cluster.process import wait_until
from cluster.running import ENVIRONMENT, LOOK, PIPELINE

sys.path.append(str(COMPONENT / "tests"))

import kfp_state

from generators.delivery.policies import FILE as POLICIES

PORT, NAMESPACE = 9200, "kubeflow-user"
IN_NAMESPACE = f"--namespace={NAMESPACE}"
CLUSTER = {
    "engine": "kubeflow",
    "mode": "multi-user",
    "server": "https://kubeflow.test",
    "api": f"http://{node.ADDRESS}:{PORT}",
}


@dataclass
class Kubeflow:
    """The namespace of a Profile, and the file of what KFP's server knows."""

    running: object
    file: Path
    folder: Path

    def kubectl(self, *arguments):
        """What kubectl prints in the namespace."""
        return self.running.server.kubectl(*arguments, IN_NAMESPACE)

    def apply(self, *names):
        """Apply rendered files, but for policies: a cluster has one environment's, and Argo CD has brought them."""
        files = [file for name in names for file in self.folder.glob(name) if file.name != POLICIES]
        self.running.server.apply(plan.objects(files), IN_NAMESPACE)

    def rendered(self, name):
        """The name of the last object in a file of the pipeline's."""
        return list(plan.objects([self.folder / PIPELINE / name]))[-1]["metadata"]["name"]

    def runs(self):
        """The names of the runs that KFP has."""
        return [run["display_name"] for run in kfp_state.change(self.file, lambda known: None)["runs"]]

    def end(self, state):
        """End the newest run."""
        over = {"state": state, "finished_at": "2026-11-27T10:00:11Z"}
        kfp_state.change(self.file, lambda known: known["runs"][-1].update(over))

    def over(self, job, condition="Complete"):
        """Wait for a Job to be over."""
        ask = ("wait", f"--for=condition={condition}", f"job/{job}", "--timeout=2s")
        wait_until(lambda: self.kubectl(*ask), f"{job} to be over", every=LOOK)

    def record(self, run):
        """The record of a run."""
        return json.loads(self.kubectl("get", "configmap", f"run-{run}", "--output=json"))["data"]


@pytest.fixture
def kubeflow(running, tmp_path):
    """The version that is rendered, in a cluster whose KFP knows it."""
    server = running.server
    server.namespace(NAMESPACE)
    found = Kubeflow(running, tmp_path / "kfp.json", rendered(running.scenario.repository, tmp_path / "repository"))
    found.apply("platform/*.yaml", f"{PIPELINE}/pipeline*.yaml", f"{PIPELINE}/intent.yaml")
    version = found.rendered("pipelineversion.yaml")
    uid = found.kubectl("get", "pipelineversion", version, "--output=jsonpath={.metadata.uid}")
    known = kfp_state.pipeline(NAMESPACE, PIPELINE) | {"versions": {version: uid}}
    kfp_state.save(found.file, kfp_state.state(pipelines=[known]))
    command = [sys.executable, COMPONENT / "tests" / "kfp_server.py", str(PORT), found.file, node.ADDRESS]
    process = server.sandbox.start("kfp", command)
    yield found
    process.stop()


def rendered(repository, folder):
    """What the repository renders for a cluster of Kubeflow's."""
    shutil.copytree(repository, folder, symlinks=True, ignore=shutil.ignore_patterns(".git", "rendered"))
    file = folder / ENVIRONMENT
    content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    said = content["parameters"]
    del said["delivery"]["statuses"]
    said |= {"namespace": NAMESPACE, "clusters": {"kf": CLUSTER}}
    said["pipelines"] = {PIPELINE: {"track": "head", "run_on_merge": True, "schedule": {"cron": "0 3 * * 1"}}}
    file.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    scenario.render(folder)
    return folder / "rendered" / "staging" / "kf"


def test_a_job_and_a_cron_job_start_a_run_each_and_end_as_it_does(kubeflow):
    version, job = kubeflow.rendered("pipelineversion.yaml"), kubeflow.rendered("run.yaml")
    kubeflow.apply(f"{PIPELINE}/run.yaml", f"{PIPELINE}/schedule.yaml")
    wait_until(lambda: kubeflow.runs() == [version], "the run on merge", every=LOOK)
    kubeflow.end("SUCCEEDED")
    kubeflow.over(job)
    kubeflow.kubectl("delete", "job", job)
    kubeflow.apply(f"{PIPELINE}/run.yaml")
    kubeflow.over(job)

    kubeflow.kubectl("create", "job", "by-the-clock", f"--from=cronjob/{kubeflow.rendered('schedule.yaml')}")
    wait_until(lambda: kubeflow.runs() == [version, "by-the-clock"], "the run by the clock", every=LOOK)
    kubeflow.end("FAILED")
    kubeflow.over("by-the-clock", "Failed")

    assert [kubeflow.record(run)["phase"] for run in (version, "by-the-clock")] == ["Succeeded", "Failed"]
    kubeflow.kubectl("create", "job", "sweep", "--from=cronjob/graft-sweep")
    kubeflow.over("sweep")
    assert kubeflow.runs() == [version, "by-the-clock"]
