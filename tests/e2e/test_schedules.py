"""A schedule runs the version that Git says is current, and after `git revert` the older one again."""

from __future__ import annotations

EVERY_MINUTE = {"cron": "* * * * *", "concurrency": "allow"}


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
