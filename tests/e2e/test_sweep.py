"""A sweep, run on the node as its CronJob runs it, removes what is old and unnamed, by rights that just suffice."""

from __future__ import annotations

import json

from cluster.running import NAMESPACE, OPERATIONS

KEPT = 50  # records of runs by the clock


def test_a_sweep_keeps_what_is_new_and_what_is_named(running, figure):
    versions = []
    for word in ("eleven", "twelve", "thirteen", "fourteen"):
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
    asked = running.asked(OPERATIONS)  # by all tests so far: a run that fails among them, whose log is read

    assert [each for each in asked if each.status == 403] == []
    used = {(each.group, each.resource, each.verb) for each in asked}
    assert used == running.allowed(OPERATIONS)
