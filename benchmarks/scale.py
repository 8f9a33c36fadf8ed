"""Claim: time grows linearly with the clusters, and memory holds little more than what is being written.

Run it with `python -m benchmarks.scale`; `--full` is 500 clusters: it writes about 1 GB in a temporary folder
(`TMPDIR` says where). Three fleets are rendered with nothing cached; the smallest takes what does not depend on the
clusters (starting, compiling) off the other two. Each has as many Argo clusters as Kubeflow's.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import copies
from benchmarks.graft import Graft
from benchmarks.measure import Cost, best, scratch, size
from benchmarks.memory import Watch
from benchmarks.report import Row, megabytes, seconds, section, times
from benchmarks.sizes import Size

ENVIRONMENTS, FEWEST, FULL = 10, 4, 50  # clusters in each environment
LINEAR = 1.1  # what a cluster more may cost in the large fleet, against one in the small fleet
MEMORY = 300e6


@dataclass(frozen=True)
class Rendered:
    """A fleet that was rendered: its clusters, what that cost, its bytes, and the peak of all processes together."""

    clusters: int
    cost: Cost
    written: int
    peak: int


def main() -> None:
    options = _options()
    most = FULL if options.full else options.clusters
    sizes = [Size(options.pipelines, ENVIRONMENTS, clusters) for clusters in (FEWEST, (FEWEST + most) // 4 * 2, most)]
    with scratch() as folder:
        start, half, whole = _rendered(folder, sizes, 1 if options.full else options.rounds)
    note = f"{options.pipelines} pipelines, {ENVIRONMENTS} environments; {whole.clusters} clusters: {_said(whole)}."
    section("Many clusters", __doc__, [_linear(start, half, whole), _memory(half), _memory(whole)], note)


def _rendered(folder: Path, sizes: list[Size], rounds: int) -> list[Rendered]:
    repositories = [copies.fleet(folder / f"fleet-{wanted.clusters}", wanted) for wanted in sizes]
    fleets = [Graft(root, folder / f"{root.name}-cache") for root in repositories]
    peaks = [0] * len(sizes)

    def work(index: int) -> Cost:
        with Watch() as watch:
            cost = fleets[index].cold_render()
        peaks[index] = max(peaks[index], watch.peak)
        return cost

    costs = best(rounds, {str(wanted): partial(work, index) for index, wanted in enumerate(sizes)})
    written = [size(root / "rendered")[1] for root in repositories]
    counts = [wanted.environments * wanted.clusters for wanted in sizes]
    return [Rendered(*each) for each in zip(counts, costs, written, peaks, strict=True)]


def _linear(start: Rendered, half: Rendered, whole: Rendered) -> Row:
    early, late = _each(start, half), _each(half, whole)
    ratio = late.cpu / early.cpu
    what = f"render, each cluster from {half.clusters} to {whole.clusters}"
    peer = f"each from {start.clusters} to {half.clusters}: {seconds(early)}"
    return Row(what, seconds(late), peer, times(late, early), f"linear: {LINEAR} x", ratio <= LINEAR)


def _each(fewer: Rendered, more: Rendered) -> Cost:
    clusters = more.clusters - fewer.clusters
    return Cost((more.cost.wall - fewer.cost.wall) / clusters, (more.cost.cpu - fewer.cost.cpu) / clusters)


def _memory(fleet: Rendered) -> Row:
    besides = max(0, fleet.peak - fleet.written)
    measured = f"{megabytes(fleet.peak)} at its peak, {megabytes(fleet.cost.memory)} in the largest process"
    what, peer = f"memory, {fleet.clusters} clusters", f"{megabytes(fleet.written)} written"
    budget = f"{megabytes(MEMORY)} besides"
    return Row(what, measured, peer, f"{fleet.peak / fleet.written:.2f} x", budget, besides <= MEMORY)


def _said(fleet: Rendered) -> str:
    return f"{seconds(fleet.cost)}, {megabytes(fleet.written)} written"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pipelines", type=int, default=20)
    parser.add_argument("--clusters", type=int, default=12, help="in each environment, an even number")
    parser.add_argument("--rounds", type=int, default=2, help="of the sizes but the full one")
    parser.add_argument("--full", action="store_true", help=f"{FULL} clusters in each environment")
    return parser.parse_args()


if __name__ == "__main__":
    main()
