"""A content that is new to a cluster runs there once, whatever happens to all that has to do with it.

Argo CD delivers the repository of `running/`, Argo Workflows runs it on a real node, and the image of `operations`
starts, follows and records it. Each test merges contents that no other does.
"""

from __future__ import annotations

import json
import time

from cluster.running import APPLICATION, NAMESPACE, QUIET

HARD = ("annotate", "application", APPLICATION, "argocd.argoproj.io/refresh=hard", "--overwrite", "--namespace=argocd")
SYNC = json.dumps({"operation": {"initiatedBy": {"username": "somebody"}, "sync": {}}})
WAITS = {"greet": {"secrets": {"HELD": {"secret": "held", "key": "key"}}}}


def test_a_commit_runs_once_and_nothing_runs_it_again(running, figure):
    version = running.merged("Say one", run_on_merge=True, parameters={"word": "one"})
    record = running.ended(version)
    figure("a commit, to its run over and recorded", running.seconds)
    running.healthy()
    job = running.job
    running.finished(job)

    assert (record["phase"], json.loads(record["outputs"])["parameters"]) == ("Succeeded", {"Output": "one, Ada"})
    assert not [each for each in running.objects("events") if "not found" in (each.get("message") or "")]
    assert list(running.started(version).values()) == [version]

    running.server.kubectl(*HARD)
    running.server.kubectl("patch", "application", APPLICATION, "--namespace=argocd", "--type=merge", f"--patch={SYNC}")
    running.healthy()
    running.restarted()
    assert running.merged("Say so by the clock, too", **scheduled("one")) == version
    running.healthy()
    running.kubectl("delete", "workflow", version)
    running.when.deleted("staging-node", "job", job)
    running.then.back("staging-node", "job", job)
    figure("the Job deleted by hand, to its return", running.seconds)
    running.finished(job)
    time.sleep(QUIET)

    assert list(running.started(version).values()) == [version]
    assert running.records(version).keys() == {version}


def scheduled(word):
    """What says the word on merge, and by a clock that is stopped."""
    schedule = {"cron": "0 3 * * 1", "suspended": True}
    return {"run_on_merge": True, "parameters": {"word": word}, "schedule": schedule}


def test_a_run_that_goes_on_survives_the_next_content_and_all_who_follow_it(running, figure):
    with running.held("held"):
        first = running.merged("Say two, later", run_on_merge=True, parameters={"word": "two"}, steps=WAITS)
        following, pods = running.job, f"--selector=batch.kubernetes.io/job-name={running.job}"
        running.wait(lambda: running.started(first), f"{first} to begin")
        running.wait(lambda: running.names("pods", pods), "its Job's pod")
        [followed] = running.names("pods", pods)
        running.wait(lambda: first in running.records(first), "the record of its run")
        running.when.deleted("staging-node", "pod", followed)
        running.wait(lambda: running.names("pods", pods) - {followed}, "another pod of the Job", within=20)
        figure("the pod that follows a run deleted, to another in its place", running.seconds)
        running.restarted()

        second = running.merged("Say three", run_on_merge=True, parameters={"word": "three"})
        assert running.ended(second)["phase"] == "Succeeded"
        figure("a run goes on: a commit, to the run of its content over", running.seconds)
        assert "finished" not in running.records(first)[first]
    assert running.ended(first)["phase"] == "Succeeded"
    running.finished(following)

    assert [list(running.started(each).values()) for each in (first, second)] == [[first], [second]]


def test_going_back_to_content_that_has_run_starts_nothing(running, figure):
    first = running.merged("Say four", run_on_merge=True, parameters={"word": "four"})
    running.ended(first)
    tree = running.scenario.git("rev-parse", "HEAD:rendered")
    second = running.merged("Say five", run_on_merge=True, parameters={"word": "five"})
    running.ended(second)
    running.when.reverted("HEAD")
    running.healthy()
    figure("git revert, to the older content current and its Job over", running.seconds)
    running.finished(running.job)
    time.sleep(QUIET)

    assert (running.version, running.scenario.git("rev-parse", "HEAD:rendered")) == (first, tree)
    assert [list(running.started(each).values()) for each in (first, second)] == [[first], [second]]


def test_a_run_that_fails_shows_as_degraded_and_says_why(running, figure):
    version = running.merged("Say nothing", run_on_merge=True, parameters={"word": ""})
    record = running.ended(version)
    running.healthy("Degraded", within=90)
    figure("a commit whose run fails, to its Application degraded", running.seconds)

    assert (record["phase"], record["step"]) == ("Failed", "greet")
    assert "there is no word to say" in record["log"]
    assert version in ended_with(running, running.job)
    assert list(running.started(version).values()) == [version]
    running.ended(running.merged("Say six", run_on_merge=True, parameters={"word": "six"}))
    running.swept("sweep-after-mending")  # which takes away the Job of the content that is no longer wanted
    running.healthy()
    figure("a commit that mends it, to its Application healthy, by a sweep", running.seconds)


def ended_with(running, job):
    """What the pods of a Job said last, as Kubernetes and Argo CD show it."""
    pods = running.objects("pods", f"--selector=batch.kubernetes.io/job-name={job}")
    statuses = [status for pod in pods for status in pod["status"]["containerStatuses"]]
    return "\n".join(status["state"]["terminated"].get("message", "") for status in statuses)


def test_an_outcome_is_a_status_of_the_commit_that_brought_it(running):
    version = running.merged("Say seven", run_on_merge=True, parameters={"word": "seven"})
    commit = running.scenario.head
    running.scenario.commit("Change nothing that is rendered")
    running.ended(version)
    running.finished(running.job)

    found = [each for each in running.statuses() if each[0] == commit]
    said = ("graft/staging/node/greet", "success", "Succeeded: accuracy 0.10")
    assert (commit, *said) in found and {each[1] for each in found} == {said[0]}
    assert not [each for each in running.statuses() if each[0] == running.scenario.head]


def test_steps_run_as_an_account_of_their_own_and_hold_no_token(running):
    version = running.merged("Say eight", run_on_merge=True, parameters={"word": "eight"})
    record = running.ended(version)
    pods = running.objects("pods", f"--selector=workflows.argoproj.io/workflow={version}")
    enforced = running.server.kubectl("get", "namespace", NAMESPACE, "--output=jsonpath={.metadata.labels}")

    assert json.loads(enforced)["pod-security.kubernetes.io/enforce"] == "restricted"
    assert (record["phase"], [pod["spec"]["serviceAccountName"] for pod in pods]) == ("Succeeded", ["pipelines"] * 2)
    mounts = {each["name"]: mounted(each) for pod in pods for each in pod["spec"]["containers"]}
    token = "/var/run/secrets/kubernetes.io/serviceaccount"
    assert (token in mounts["main"], token in mounts["wait"]) == (False, True)
    used = {each for each in running.asked("pipelines") if each.status < 300}
    assert {(each.group, each.resource, each.verb) for each in used} == running.allowed("pipelines")


def mounted(container):
    """Where a container has something mounted."""
    return {each["mountPath"] for each in container.get("volumeMounts", [])}
