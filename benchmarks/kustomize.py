"""Claim: graft writes the same Kubeflow objects, with the same edits, at 15 times the rate of kustomize.

Run it with `python -m benchmarks.kustomize`; it needs `kubectl`. graft starts with nothing cached, from Python;
kustomize starts from the compiled definitions and from patches that are ready.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import copies, overlays
from benchmarks.graft import Graft
from benchmarks.measure import Cost, best, run, scratch
from benchmarks.report import Row, seconds, section
from benchmarks.sizes import Size

BUDGET = 15


def main() -> None:
    options = _options()
    if not shutil.which("kubectl"):
        section("Against kustomize", __doc__, [], "not run: kubectl not found")
        return
    wanted = Size(options.pipelines, options.environments, options.clusters, engines=("kubeflow",))
    with scratch() as folder:
        graft = Graft(copies.fleet(folder / "fleet", wanted), folder / "cache")
        graft.cold_render()
        clusters = overlays.make(graft.root, folder / "project")
        works = {"graft": graft.cold_render, "kustomize": _builder(clusters)}
        ours, theirs = best(options.rounds, works)
        _same(graft.root / "rendered", folder / "project", clusters)
    count = 2 * wanted.pipelines * wanted.environments * wanted.clusters
    note = f"{wanted}, all of them Kubeflow: {count} objects, compared and found the same in every environment."
    section("Against kustomize", __doc__, _rows(ours, theirs, count), note)


def _builder(clusters: list[Path]) -> Callable[[], Cost]:
    """A work that builds every cluster, as many at a time as there are cores."""

    def built() -> Cost:
        start = time.perf_counter()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            costs = list(pool.map(_build, clusters))
        return Cost(time.perf_counter() - start, sum(cost.cpu for cost in costs), max(cost.memory for cost in costs))

    return built


def _build(cluster: Path) -> Cost:
    return run(["kubectl", "kustomize", "--output", cluster / "built", cluster])


def _same(rendered: Path, project: Path, clusters: list[Path]) -> None:
    """Fail where one cluster of each environment is not the same in both."""
    for cluster in {cluster.parent: cluster for cluster in clusters}.values():
        if differing := overlays.differing(rendered / cluster.relative_to(project), cluster / "built"):
            raise RuntimeError(f"{cluster.name}: not the same objects in both: {', '.join(differing)}")


def _rows(ours: Cost, theirs: Cost, count: int) -> list[Row]:
    ratio, cpu = theirs.wall / ours.wall, theirs.cpu / ours.cpu
    rate = Row("objects a second, nothing cached", f"{count / ours.wall:.0f}/s ({seconds(ours)})",
               f"`kubectl kustomize`: {count / theirs.wall:.0f}/s ({seconds(theirs)})",
               f"{ratio:.1f} x the rate", f"{BUDGET} x", ratio >= BUDGET)  # fmt: skip
    work = Row(
        "objects a second of CPU", f"{count / ours.cpu:.0f}/s", f"{count / theirs.cpu:.0f}/s", f"{cpu:.1f} x the rate"
    )
    return [rate, work]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pipelines", type=int, default=10)
    parser.add_argument("--environments", type=int, default=4)
    parser.add_argument("--clusters", type=int, default=10, help="in each environment")
    parser.add_argument("--rounds", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
