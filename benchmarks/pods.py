"""Claim: on Argo a pipeline's task is one pod; KFP's own backend makes three.

Run it with `python -m benchmarks.pods`. Counted, not timed: the templates that are pods in the WorkflowTemplate that
graft renders, against what KFP's backend makes of the same definition: a driver and an executor for each task, and a
driver for each DAG (each condition, group and loop), a loop's items counted once on both sides.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from benchmarks import copies
from benchmarks.graft import Graft
from benchmarks.measure import scratch
from benchmarks.report import Row, section
from benchmarks.sizes import Size

PODS = {"container", "script", "containerSet", "resource", "data", "http", "plugin"}


def main() -> None:
    with scratch() as folder:
        wanted = Size(1, 1, 1, engines=("argo",))
        graft = Graft(copies.fleet(folder / "fleet", wanted), folder / "cache")
        graft.cold_render()
        [file] = graft.root.glob("rendered/*/*/*/workflowtemplate.yaml")
        [compiled] = graft.root.glob("definitions/*/*.json")
        ours = _pods(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["spec"])
        tasks, theirs = _in_kfp(json.loads(compiled.read_text())["pipelineSpec"])
    row = Row("pods a pipeline task on Argo", f"{ours / tasks:.2f}: {ours} pods for {tasks} tasks",
              f"KFP's backend: {theirs / tasks:.2f}: {theirs} pods", f"{theirs / ours:.1f} x fewer",
              "1", ours <= tasks)  # fmt: skip
    section("Pods", __doc__, [row])


def _pods(workflow: dict[str, Any]) -> int:
    """How many tasks of a workflow's DAGs are pods."""
    templates = {template["name"]: template for template in workflow["templates"]}
    tasks = [task for template in templates.values() for task in template.get("dag", {}).get("tasks", [])]
    return sum(bool(PODS & templates[task["template"]].keys()) for task in tasks)


def _in_kfp(spec: dict[str, Any]) -> tuple[int, int]:
    """The pipeline's container tasks, and the pods that KFP's backend makes of them and of what surrounds them."""
    executors = spec["deploymentSpec"]["executors"]
    components = [spec["root"], *spec["components"].values()]
    dags = [component["dag"] for component in components if "dag" in component]
    used = [spec["components"][task["componentRef"]["name"]] for dag in dags for task in dag["tasks"].values()]
    kinds = [executors[component["executorLabel"]].keys() for component in used if "executorLabel" in component]
    containers = sum("container" in kind for kind in kinds)
    importers = len(kinds) - containers  # one pod, which is driver and executor
    return containers, 2 * containers + importers + len(dags)


if __name__ == "__main__":
    main()
