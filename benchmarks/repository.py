"""Claim: on this repository, with nothing changed, `render` and `check` take less time than importing kfp alone.

Run it with `python -m benchmarks.repository`.
"""

from __future__ import annotations

from benchmarks import copies
from benchmarks.graft import Graft
from benchmarks.measure import best, import_kfp, scratch
from benchmarks.report import against_yardstick, section

ROUNDS = 7


def main() -> None:
    with scratch() as folder:
        graft = Graft(copies.this_repository(folder / "repository"), folder / "cache")
        graft.render() + graft.check()  # so that everything is cached
        render, check, kfp = best(ROUNDS, {"render": graft.render, "check": graft.check, "import kfp": import_kfp})
    rows = [
        against_yardstick("render, nothing changed", render, kfp, 0.35),
        against_yardstick("check, nothing changed", check, kfp, 0.5),
    ]
    section("This repository", __doc__, rows)


if __name__ == "__main__":
    main()
