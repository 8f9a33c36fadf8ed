"""graft as anybody runs it: from its command line, on a repository, with a cache folder of its own."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Cost, run


@dataclass(frozen=True)
class Graft:
    """A repository, and the cache folder that graft uses for it."""

    root: Path
    cache: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which graft's code finds the cache folder, whoever starts it."""
        return {"XDG_CACHE_HOME": str(self.cache)}

    def render(self, environment: str = "") -> Cost:
        return self._run("render", *(("--env", environment) if environment else ()))

    def check(self) -> Cost:
        """Fails where the repository has an error; warnings are fine."""
        return self._run("check")

    def forget(self) -> None:
        """Remove all that graft has written, so that the next call starts from nothing."""
        for folder in (self.cache, *(self.root / name for name in (".graft", "definitions", "rendered"))):
            shutil.rmtree(folder, ignore_errors=True)

    def forget_cache(self) -> None:
        """Remove what graft has cached, and leave what it has rendered."""
        for folder in (self.cache, self.root / ".graft"):
            shutil.rmtree(folder, ignore_errors=True)

    def cold_render(self) -> Cost:
        self.forget()
        return self.render()

    def _run(self, verb: str, *options: str) -> Cost:
        # A neutral folder to stand in: Python would import `generators` from a repository it is started in.
        command = [sys.executable, "-m", "generators.cli", verb, "--repo", self.root, *options]
        return run(command, cwd=self.root.parent, env=self.environment)
