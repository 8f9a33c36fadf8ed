"""Claim: a cluster that says the same as another costs no more than the writing of its files.

Run it with `python -m benchmarks.sharing`. Two fleets are rendered with nothing cached, one with two clusters (one of
them Argo), one with so many more that say the same; what each further one costs is the difference over their number.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks import copies
from benchmarks.graft import Graft
from benchmarks.measure import Cost, best, here, scratch, size
from benchmarks.report import Row, megabytes, seconds, section, times
from benchmarks.sizes import Size

PIPELINES, FIRST = 10, 2


def main() -> None:
    options = _options()
    with scratch() as folder:
        few, many = (_fleet(folder, FIRST + further) for further in (0, options.further))
        rendered = best(options.rounds, {"few clusters": few.cold_render, "many clusters": many.cold_render})
        few.check() + many.check()  # so that what is unchanged has been checked once
        checked = best(options.rounds, {"check, few clusters": few.check, "check, many clusters": many.check})
        writing, reading = _peers(few.root / "rendered", folder / "written", options)
        written = size(few.root / "rendered")[1] / FIRST
    rows = [
        _row("render, each further cluster", rendered, options.further, "writing its files", writing, budget=1),
        _row("check, each further cluster", checked, options.further, "reading its files", reading),
    ]
    note = f"{PIPELINES} pipelines; {options.further} further clusters, half of them Argo, {megabytes(written)} each."
    section("Clusters that say the same", __doc__, rows, note)


def _fleet(folder: Path, clusters: int) -> Graft:
    root = copies.fleet(folder / f"fleet-{clusters}", Size(PIPELINES, 1, clusters, own=0))
    return Graft(root, folder / f"cache-{clusters}")


def _peers(rendered: Path, target: Path, options: argparse.Namespace) -> list[Cost]:
    """What writing, and reading, the same bytes to the same number of files costs, for one cluster."""
    contents = _files(rendered)
    works = {
        "writing": lambda: _written(contents, target, options.further // FIRST),
        "reading": lambda: here(lambda: _files(target)),
    }
    return [_part(cost, options.further) for cost in best(options.rounds, works)]


def _written(contents: dict[Path, bytes], target: Path, times: int) -> Cost:
    shutil.rmtree(target, ignore_errors=True)
    return here(lambda: _write(contents, target, times))


def _write(contents: dict[Path, bytes], target: Path, times: int) -> None:
    for number in range(times):
        for path, content in contents.items():
            file = target / str(number) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _files(folder: Path) -> dict[Path, bytes]:
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _row(what: str, fleets: list[Cost], further: int, peer: str, peer_cost: Cost, budget: float | None = None) -> Row:
    few, many = fleets
    each = _part(Cost(many.wall - few.wall, many.cpu - few.cpu), further)
    ratio = each.wall / peer_cost.wall
    words, met = (f"{budget} x", ratio <= budget) if budget else ("", None)
    return Row(what, seconds(each), f"{peer}: {seconds(peer_cost)}", times(each, peer_cost), words, met)


def _part(whole: Cost, parts: int) -> Cost:
    return Cost(whole.wall / parts, whole.cpu / parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--further", type=int, default=40, help="how many further clusters, an even number")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
