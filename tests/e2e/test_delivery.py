"""What is committed is what the clusters hold: Argo CD itself delivers what graft renders, to two real clusters.

The repository is that of tests/tiny with the environments beside this file: `staging` and `prod`, each in a namespace
of its own of both clusters, `one` for Kubeflow Pipelines and `two` for Argo Workflows.
"""

from __future__ import annotations

import json
import os
import time

import pytest

OUTAGE = float(os.environ.get("GRAFT_E2E_OUTAGE", "120"))  # seconds
BASE, STAGING = "base/pipelines/greet.yml", "environments/staging.yml"
EVERYWHERE = {"staging-one", "staging-two", "prod-one", "prod-two"}
WORD = (BASE, "word: Good morning", "word: Good evening")
TIMES = (STAGING, "times: 1", "times: 3")
TEMPLATES = "workflowtemplates.argoproj.io"
VERSIONS = "pipelineversions.pipelines.kubeflow.org"
SCHEDULE = '      schedule: {cron: "0 3 * * 1", suspended: true}\n'
SERVICES = "inferenceservices.serving.kserve.io"
SERVE = 'serve: {component: greeter, resources: {cpu: "1", memory: 1Gi}}'
QUOTA = json.dumps({"spec": {"hard": {"requests.cpu": "999"}}})


def changed(before, after):
    """The clusters of which an object is another one, or was not there before."""
    return {key[0] for key, item in after.items() if before.get(key) != item}


def only(objects, cluster, kind):
    """The name of the one object of a kind that a cluster holds."""
    [name] = [name for each, other, name in objects if (each, other) == (cluster, kind)]
    return name


def served(then):
    """The share of requests that the newest version gets, and the version that is served."""
    predictor = then.contents()["staging-two", "InferenceService", "greet"]["spec"]["predictor"]
    return predictor["canaryTrafficPercent"], predictor["model"].get("storageUri", "").rpartition("/")[2]


def predictor(**fields):
    """A merge patch of what an InferenceService serves."""
    return json.dumps({"spec": {"predictor": fields}})


def version(number):
    """What a run writes that has registered this version."""
    return predictor(model={"storageUri": f"s3://greet-staging/models/greet/{number}"})


def test_all_that_is_rendered_is_delivered(then, delivered, figure):
    figure("from applying the bootstrap Applications to all synced", delivered.seconds)

    assert {cluster for cluster, _, _ in then.contents()} == EVERYWHERE


def test_a_commit_changes_both_clusters(given, when, then, figure):
    given.repository()
    before = then.contents()
    when.committed("Say good evening", WORD)
    figure("a commit, to both clusters changed", then.synced())

    assert changed(before, then.contents()) == EVERYWHERE


def test_a_change_to_one_environment_leaves_the_other_untouched(given, when, then, figure):
    given.repository()
    before, prod = then.contents(), then.versions("prod")
    when.committed("Greet three times", TIMES)
    figure("a commit, to one environment changed", then.synced())

    assert changed(before, then.contents()) == {"staging-one", "staging-two"}
    assert then.versions("prod") == prod


def test_what_is_rendered_no_longer_is_pruned(given, when, then, figure):
    given.repository()
    before = then.contents()
    when.committed("Greet when asked alone", (STAGING, SCHEDULE, ""))
    name = only(before, "staging-two", "CronWorkflow")
    figure("a commit, to an object pruned", then.gone("staging-two", "cronworkflows.argoproj.io", name))

    then.gone("staging-one", "cronjobs.batch", "greet")
    then.synced()


def test_a_pipeline_that_leaves_a_cluster_takes_its_application_along(given, when, then, figure):
    given.repository()
    when.committed("Greet on two alone", (STAGING, "track: head", "track: head\n      clusters: [two]"))
    figure("a commit, to an Application pruned with what it held", then.left("staging-one-greet"))

    then.gone("staging-one", "pipelines.pipelines.kubeflow.org", "greet")
    then.synced()


def test_what_is_done_by_hand_is_undone(given, when, then, figure):
    given.repository()
    before = then.contents()
    when.deleted("staging-one", VERSIONS, only(before, "staging-one", "PipelineVersion"))
    version = only(before, "staging-one", "PipelineVersion")
    figure("an object deleted by hand, to its return", then.back("staging-one", VERSIONS, version))
    when.changed("staging-two", "resourcequota", only(before, "staging-two", "ResourceQuota"), QUOTA)
    figure("an object changed by hand, to its old content", then.holds(before))


def test_runs_bring_the_version_that_is_served_and_git_all_else_until_it_pins_one(given, when, then, figure):
    given.repository()
    assert served(then) == (100, "")
    when.changed("staging-two", SERVICES, "greet", version(2))
    when.changed("staging-two", SERVICES, "greet", predictor(canaryTrafficPercent=5))
    figure("the share of requests changed by hand, to its old content", then.serves((100, "2"), served))
    when.committed("Half of the requests", (STAGING, SERVE, SERVE.replace("}}", "}, canary: 50}")))
    then.synced()
    assert served(then) == (50, "2")

    when.committed("Go back to version 1", (STAGING, "canary: 50", "version: 1, pinned: true"))
    figure("a commit that pins a version, to that served", then.serves((100, "1"), served))
    when.changed("staging-two", SERVICES, "greet", version(2))
    then.serves((100, "1"), served)
    when.committed("Serve what runs bring", (STAGING, ", pinned: true", ""))
    then.synced()
    assert served(then) == (100, "1")
    when.changed("staging-two", SERVICES, "greet", version(3))
    when.committed("Say no version", (STAGING, ", version: 1", ""))
    then.synced()
    assert served(then) == (100, "3")


def test_a_revert_brings_back_the_same_bytes_and_objects(given, when, then, figure, delivered):
    given.repository()
    tree, before = delivered.git("rev-parse", "HEAD:rendered"), then.contents()
    commit = when.committed("Say good evening", WORD)
    then.synced()
    assert changed(before, then.contents()) == EVERYWHERE
    when.reverted(commit)
    figure("git revert, to both clusters as before", then.synced())

    assert delivered.git("rev-parse", "HEAD:rendered") == tree
    then.holds(before)


def test_a_run_that_goes_on_does_not_hold_up_the_next_commit(given, when, then, figure):
    given.repository()
    when.committed("Run what is new", (STAGING, "track: head", "track: head\n      run_on_merge: true"))
    then.back("staging-two", "jobs.batch", only(then.rendered(), "staging-two", "Job"))
    when.committed("Greet three times", TIMES)
    template = only(then.rendered(), "staging-two", "WorkflowTemplate")
    figure("a run goes on: a commit, to its cluster changed", then.back("staging-two", TEMPLATES, template))


def test_an_object_that_admission_refuses_is_told_and_harms_no_other(given, when, then, figure):
    given.repository()
    with given.policy("staging-two", TEMPLATES, "frozen for the audit"):
        when.committed("Greet three times", TIMES)
        figure("a commit, to a refusal by admission shown", then.failed("staging-two-greet", "frozen for the audit"))
        others = [name for name in then.applications() if name not in ("staging-two-greet", "staging")]
        figure("the same commit, to all others synced", then.synced(*others))
    figure("the refusal taken back, to synced without a commit", then.synced(within=300))


def test_a_cluster_that_is_down_catches_up_by_itself(given, when, then, figure):
    given.repository()
    before = then.contents()
    here = [name for name in then.applications() if name.startswith(("staging-one-", "prod-one-"))]
    when.stopped("staging-two")
    down = time.monotonic()
    when.committed("Say good evening", WORD)
    figure("one cluster down: a commit, to the other changed", then.synced(*here))
    time.sleep(max(0.0, OUTAGE - (time.monotonic() - down)))
    figure("how long it was down", time.monotonic() - down)
    when.started("staging-two")
    figure("the cluster back, to both as committed", then.synced(within=300))

    assert changed(before, then.contents()) == EVERYWHERE


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("images-by-digest", "@sha256:" + "0" * 64, ":latest"),
        ("finished-runs-are-removed", "\n  ttlStrategy:\n    secondsAfterCompletion: ", "\n  priority: "),
        ("owner-and-environment-are-labels", "\n    graft.dev/environment: staging", ""),
    ],
)
def test_what_a_delivered_policy_refuses_was_refused_offline_in_the_same_words(rule, old, new, given, then, tmp_path):
    given.repository()
    text = (then.folder("staging-two") / "greet/workflowtemplate.yaml").read_text("utf-8")
    assert old in text
    file = tmp_path / "workflowtemplate.yaml"
    file.write_text(text.replace(old, new).replace("\n  name: greet-", "\n  name: by-hand-", 1), "utf-8")

    [finding] = then.findings(file, "staging")

    assert (finding["check"], finding["rule"]) == ("policy", rule)
    assert finding["message"] in then.refusal("staging-two", file)
