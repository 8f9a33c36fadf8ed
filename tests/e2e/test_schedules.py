"""A schedule runs the version that Git says is current, after `git revert` the older one again; then it is swept."""

from __future__ import annotations

import json

from cluster.running import NAMESPACE, OPERATIONS

EVERY_MINUTE = {"cron": "* * * * *", "concurrency": "allow"}
KEPT = 50  # records of runs by the clock


def test_a_schedule_follows_git_there_and_back(running, figure):
    first = running.merged("Say nine by the clock", parameters={"word": "nine"}, schedule=EVERY_MINUTE)
    tree = running.scenario.git("rev-parse", "HEAD:rendered")
    running.wait(lambda: running.started(first), "a run of the first version")
    figure("a commit, to the first run by its schedule begun", running.seconds)
    second = running.merged("Say ten by the clock", parameters={"word": "ten"}, schedule=EVERY_MINUTE)
    running.wait(lambda: running.started(second), "a run of the second version")
    before = running.started(first).keys()
    running.when.reverted("HEAD")
    running.healthy()
    running.wait(lambda: running.started(first).keys() - before, "a run of the first version again")
    figure("git revert, to a run of the older version by the schedule begun", running.seconds)

    assert running.scenario.git("rev-parse", "HEAD:rendered") == tree
    assert {first, second} <= running.names("workflowtemplates")
    running.merged("Say nine no more", parameters={"word": "nine"})
    running.healthy()
    running.wait(lambda: all(over(each) for each in running.objects("workflows")), "all runs to be over")
    runs = {name for version in (first, second) for name in running.started(version).values()}
    running.swept("sweep-after-the-clock")

    records = running.records(first) | running.records(second)
    assert {name: record["phase"] for name, record in records.items()} == dict.fromkeys(runs, "Succeeded")


def over(workflow):
    """Whether a Workflow is over."""
    return workflow.get("status", {}).get("phase") in ("Succeeded", "Failed", "Error")


def test_a_sweep_keeps_what_is_new_and_what_is_named(running, figure):
    versions = [running.merged(f"Say {word}", parameters={"word": word}) for word in ("eleven",)]
    running.healthy()
    for word in ("twelve", "thirteen", "fourteen"):
        versions.append(running.merged(f"Say {word}", parameters={"word": word}))
        running.healthy()
    running.when.reverted("HEAD~2..HEAD")
    running.healthy()
    pinned = running.version
    running.server.create(map(old_record, range(KEPT + 1)), f"--namespace={NAMESPACE}")
    running.swept("sweep-by-hand")
    figure("git revert, to swept", running.seconds)

    assert pinned == versions[1]
    newest = running.names("workflowtemplates", "--sort-by=.metadata.creationTimestamp")
    assert newest == {pinned, *versions[2:]} | referenced(running)
    left = running.names("configmaps", "--selector=app.kubernetes.io/name=old")
    assert left == {f"run-old-{number:08}" for number in range(1, KEPT + 1)}


def referenced(running):
    """The versions that Jobs still name."""
    spoken = json.dumps([job["spec"] for job in running.objects("jobs")])
    return {name for name in running.names("workflowtemplates") if name in spoken}


def old_record(number):
    """The record of a run by the clock, of a pipeline that is no more."""
    name = f"old-{number:08}"
    labels = {"graft.dev/record": "run", "app.kubernetes.io/name": "old", "app.kubernetes.io/managed-by": "graft"}
    data = {"run": name, "pipeline": "old", "version": "old-1", "phase": "Succeeded", "by": "sweep"}
    data["finished"] = f"2026-01-01T00:{number:02}:00Z"
    metadata = {"name": f"run-{name}", "labels": labels}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def test_operations_needs_all_that_it_is_allowed_and_no_more(running):
    asked = running.asked(OPERATIONS)

    assert [each for each in asked if each.status == 403] == []
    used = {(each.group, each.resource, each.verb) for each in asked}
    assert used == running.allowed(OPERATIONS)
