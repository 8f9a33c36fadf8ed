"""Claim: rendering costs what changed, and a whole fleet with nothing cached takes seconds.

Run it with `python -m benchmarks.fleet`; `--make FOLDER` only makes the fleet, to look at it or to profile graft on it.
"""

from __future__ import annotations

import argparse
from itertools import count
from pathlib import Path

from benchmarks import copies, environments
from benchmarks.graft import Graft
from benchmarks.measure import Cost, best, import_kfp, scratch, size
from benchmarks.report import Row, against_yardstick, megabytes, section
from benchmarks.sizes import Size


def main() -> None:
    options = _options()
    wanted = Size(options.pipelines, options.environments, options.clusters)
    if options.make:
        copies.fleet(options.make, wanted)
        return
    with scratch() as folder:
        graft = Graft(copies.fleet(folder / "fleet", wanted), folder / "cache")
        rows = _rows(graft, wanted, options.rounds)
        files, written = size(graft.root / "rendered")
    section("A fleet", __doc__, rows, f"{wanted}, half of them Argo: {files} files, {megabytes(written)}.")


def _rows(graft: Graft, wanted: Size, rounds: int) -> list[Row]:
    cold, kfp = best(rounds, {"render, nothing cached": graft.cold_render, "import kfp": import_kfp})
    rows = [against_yardstick("render, nothing cached", cold, kfp, 3)]
    graft.check()  # so that what is unchanged has been checked once
    render, check, kfp = best(
        rounds, {"render, unchanged": graft.render, "check, unchanged": graft.check, "import kfp": import_kfp}
    )
    rows.append(against_yardstick("render, nothing changed", render, kfp, 0.5))
    rows.append(against_yardstick("check, nothing changed", check, kfp, 0.7))
    edited, kfp = best(rounds, {"one parameter edited": _edits(graft, wanted), "import kfp": import_kfp})
    rows.append(against_yardstick("one parameter edited: render and check", edited, kfp, 1.5))
    first, kfp = best(1, {"check, nothing cached": lambda: _cold_check(graft), "import kfp": import_kfp})
    return [*rows, against_yardstick("check, nothing cached", first, kfp)]


def _edits(graft: Graft, wanted: Size):
    """A work that edits one pipeline's parameter in one environment, to another value at every call."""
    values = count(1001)

    def edited() -> Cost:
        environments.set_epochs(graft.root, wanted.environment_names[-1], wanted.pipeline_names[-1], next(values))
        return graft.render() + graft.check()

    return edited


def _cold_check(graft: Graft) -> Cost:
    graft.forget_cache()
    return graft.check()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pipelines", type=int, default=10)
    parser.add_argument("--environments", type=int, default=4)
    parser.add_argument("--clusters", type=int, default=10, help="in each environment")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the least counts")
    parser.add_argument("--make", type=Path, metavar="FOLDER", help="make the fleet there, and measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
