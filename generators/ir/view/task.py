"""A task of a DAG: what it runs, what it is given, when, how often, and over what it is repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from generators.ir.view.source import OUTPUT, STATUS, Source
from generators.ir.view.tree import ARTIFACTS, NOTHING, PARAMETERS, Tree

BRANCHES = re.compile(r"condition-branches-\d+")
_COMPLETED = "ALL_UPSTREAM_TASKS_COMPLETED"


@dataclass(frozen=True, slots=True)
class Loop:
    """What a task is repeated over: the JSON text `raw`, or the input `over` of a `group`; `item` takes each item."""

    item: str
    group: str
    over: str = ""
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a task is tried again, and how long between: durations as protobuf's JSON has them, `1.5s`."""

    count: int
    duration: str
    factor: float
    longest: str


class Task(NamedTuple):
    """One task, under its key in the DAG."""

    key: str
    tree: Tree

    @property
    def name(self) -> str:
        """What a person called it."""
        return self.tree.get("taskInfo", NOTHING).get("name") or self.key

    @property
    def component(self) -> str:
        """The name of the component that it runs."""
        return self.tree["componentRef"]["name"]

    @property
    def is_branching(self) -> bool:
        """Whether it is the unnamed parent of the branches of one If / Elif / Else, which a path passes over."""
        return BRANCHES.fullmatch(self.key) is not None

    def inputs(self, group: str) -> Tree:
        """What it is given of a group, by the input's name, as it is written."""
        return self.tree.get("inputs", NOTHING).get(group, NOTHING)

    def sources(self, group: str) -> Iterator[tuple[str, Source]]:
        """What it is given of a group, by the input's name."""
        for name, tree in self.inputs(group).items():
            yield name, Source.of(tree)

    @property
    def condition(self) -> str:
        """The CEL that must hold for it to run, "" where it always does."""
        return self.tree.get("triggerPolicy", NOTHING).get("condition", "")

    @property
    def runs_after_failure(self) -> bool:
        """Whether it runs when its upstream is over, failed or not: an exit task, or ignore_upstream_failure."""
        return runs_after_failure(self.tree)

    @property
    def upstream(self) -> set[str]:
        """The keys of the tasks that it waits for: those that its inputs come from, and those that it names."""
        found = set(self.tree.get("dependentTasks", ()))
        for group in (PARAMETERS, ARTIFACTS):
            found.update(source.task for _, source in self.sources(group) if source.kind in (OUTPUT, STATUS))
        return found

    @property
    def loop(self) -> Loop | None:
        """What it is repeated over, None where it runs once."""
        if iterator := self.tree.get("artifactIterator"):
            return Loop(iterator["itemInput"], ARTIFACTS, iterator["items"]["inputArtifact"])
        if iterator := self.tree.get("parameterIterator"):
            items = iterator["items"]
            return Loop(iterator["itemInput"], PARAMETERS, items.get("inputParameter", ""), items.get("raw"))
        return None

    @property
    def is_loop(self) -> bool:
        """Whether it is repeated for each item of a list."""
        return is_loop(self.tree)

    @property
    def parallelism(self) -> int:
        """How many iterations may run at once, 0 for as many as there are."""
        return int(self.tree.get("iteratorPolicy", NOTHING).get("parallelismLimit", 0))

    @property
    def retry(self) -> Retry | None:
        """How it is tried again, None where it is tried once."""
        policy = self.tree.get("retryPolicy", NOTHING)
        if not (count := int(policy.get("maxRetryCount", 0))):
            return None
        return Retry(
            count,
            policy.get("backoffDuration", ""),
            policy.get("backoffFactor", 0),
            policy.get("backoffMaxDuration", ""),
        )

    @property
    def is_cached(self) -> bool:
        return bool(self.tree.get("cachingOptions", NOTHING).get("enableCache"))

    @property
    def cache_key(self) -> str:
        """The key that a person chose for its cache, "" where what it is given is the key."""
        return self.tree.get("cachingOptions", NOTHING).get("cacheKey", "")


def is_loop(task: Tree) -> bool:
    """Whether a task, as it is written, is repeated for each item of a list."""
    return "parameterIterator" in task or "artifactIterator" in task


def runs_after_failure(task: Tree) -> bool:
    """Whether a task, as it is written, runs when its upstream is over, failed or not."""
    return task.get("triggerPolicy", NOTHING).get("strategy") == _COMPLETED


def retry_policy(count: int, duration: str = "", factor: float = 0, longest: str = "") -> dict[str, Any]:
    """A retry policy as KFP has it; durations are such as `60s`."""
    policy = {"maxRetryCount": count, "backoffDuration": duration, "backoffFactor": factor}
    policy["backoffMaxDuration"] = longest
    return {field: value for field, value in policy.items() if value or field == "maxRetryCount"}


Tasks = Mapping[str, Tree]
