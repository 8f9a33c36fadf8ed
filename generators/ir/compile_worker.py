"""Compile pipelines, each in a contained process, out of one that imports kfp once and runs no author's code itself.

`generators.ir.compile` starts it: GRAFT REPOSITORY SETTINGS PIPELINE..., where the settings are JSON, {"mode": the
sandbox's, "limits": {...}}. Standard output is one JSON object: `held`, the walls, and under `results` a pipeline's
name to either

    {"spec": ..., "platform": ..., "lines": {path of a step: [file, line]}, "looked": {file or folder: state}}
    {"errors": [{"error": ..., "file": ..., "line": ...}, ...]}
"""

from __future__ import annotations

import gc
import inspect
import json
import os
import random
import signal
import sys
import types
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from generators.sandbox import held, machine
from generators.sandbox.limits import Limits
from generators.sandbox.readable import Readable, library_path, python_libraries


def main(graft: Path, root: Path, mode: held.Mode, limits: Limits, pipelines: list[str]) -> None:
    """Enter what is entered before there is a second thread, then import kfp, then compile."""
    if sys.platform == "linux":
        machine.end_with_parent(signal.SIGKILL)
        machine.adopt_orphans()
    walls = held.at_hand(mode)
    if mode is not held.Mode.OFF:
        walls = replace(walls, namespaces=held.without_network())
    results = {} if mode is held.Mode.REQUIRE and walls.missing else _compiled(graft, root, walls, limits, pipelines)
    json.dump({"held": asdict(walls), "results": results}, sys.stdout)


def _compiled(graft: Path, root: Path, walls: held.Held, limits: Limits, pipelines: list[str]) -> dict:
    # Most of kfp's import is its client for a server, and nothing that is compiled may reach one.
    sys.modules["kfp.client"] = types.ModuleType("kfp.client")
    sys.modules["kfp.client"].Client = None
    from kfp import kubernetes  # noqa: F401  (what pipelines import, so that it is there once)

    from generators.ir import answers, building
    from generators.sandbox import contained

    libraries = python_libraries()
    _look_only_in(root, libraries)
    own = str(graft / "generators")
    readable = Readable(str(root), libraries, (f"{own}/pipelines",), own)
    jobs = {name: partial(building.build, root, name) for name in pipelines}
    random.seed(0)  # of what kfp, or a pipeline, might draw
    inspect.getmodule(main.__code__)  # finds the files of all modules once, for whatever reads its own source
    gc.freeze()  # so that the processes share the memory of all that is imported
    ended = contained.run(jobs, readable, limits, walls, os.cpu_count() or 1)
    return {name: answers.result(root, name, each, limits) for name, each in ended.items()}


def _look_only_in(root: Path, libraries: tuple[str, ...]) -> None:
    """Let `generators.pipelines` and `components` mean the repository's own folders, wherever graft is installed.

    Neither is imported, as what that would run is the author's and not contained here.
    """
    for name in ("generators.pipelines", "components"):
        package = types.ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")))]
        sys.modules[name] = package
    # Python takes bytecode for that of a file which has the same size and time, and an edit may keep both.
    sys.dont_write_bytecode, sys.pycache_prefix = True, os.devnull
    sys.path[:] = library_path(libraries)
    sys.path_importer_cache.clear()


def start() -> None:
    """Compile what the arguments say."""
    graft, root, settings, *pipelines = sys.argv[1:]
    given = json.loads(settings)
    main(Path(graft), Path(root).resolve(), held.Mode(given["mode"]), Limits(**given["limits"]), pipelines)


if __name__ == "__main__":
    start()
