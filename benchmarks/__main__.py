"""Run every benchmark, each in a process of its own, and write RESULTS.md: `python -m benchmarks`, or `make bench`.

`--full` renders 500 clusters where `make bench` renders 120; named benchmarks run alone, and write nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from benchmarks import machine
from benchmarks.measure import scratch
from benchmarks.report import IDLE_IMPORT, YARDSTICK

BENCHMARKS = (
    "repository", "fleet", "sharing", "scale", "kustomize", "kapitan", "compiler", "argo", "pods", "emit",
    "check",
)  # fmt: skip
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = f"""# Results

Made by `make bench`; do not edit. A benchmark is `python -m benchmarks.<name>`, and says in its docstring what it does.

{{machine}}

Wall time, CPU time of all processes, and the peak memory of the largest one: the least time and the most memory of a
few rounds, in which a peer took its turns with graft. Budgets in seconds are those of an idle machine where {YARDSTICK}
takes {IDLE_IMPORT} s, so they are compared as ratios to what {YARDSTICK} took in the same rounds. A ratio is
of times, less being better, unless it says rate.

"""


def main() -> None:
    options = _options()
    observed, parts = machine.Observed(), []
    for name in options.names or BENCHMARKS:
        parts.append(_run(name, ["--full"] if options.full and name == "scale" else []))
    if not options.names:
        head = HEAD.format(machine=observed.described())
        RESULTS.write_text(head + "".join(parts).rstrip() + "\n")


def _run(name: str, options: list[str]) -> str:
    """What a benchmark printed, shown as soon as it is there."""
    print(f"benchmarks.{name}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    with scratch() as folder:  # so that what an interrupted benchmark leaves behind goes too
        env = os.environ | {"TMPDIR": str(folder)}
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"benchmarks.{name}: exit status {done.returncode}; RESULTS.md is as it was")
    print(done.stdout, end="", flush=True)
    return done.stdout


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--full", action="store_true", help="the largest fleet too: it writes more than 1 GB")
    parser.add_argument("names", nargs="*", metavar="BENCHMARK", help=", ".join(BENCHMARKS))
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    main()
