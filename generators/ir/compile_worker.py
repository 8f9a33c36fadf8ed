"""Compile pipelines in a process of their own: `python -m generators.ir.compile_worker REPOSITORY PIPELINE...`.

The process gives the author's code a clean interpreter, and spares graft the import of kfp whenever nothing has
changed. Standard output is one JSON object, a pipeline's name to either

    {"spec": ..., "platform": ..., "made_from": [file, ...]}   or   {"error": ..., "file": ..., "line": ...}
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import traceback
import types
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from kfp.dsl import for_loop
from kfp.dsl.graph_component import GraphComponent

import generators.pipelines
from generators.ir import lint, values


class Unfit(Exception):
    """A pipeline that compiles and would fail or mislead on a cluster."""


def main(root: Path, pipelines: list[str]) -> None:
    _look_only_in(root)
    _refuse_untyped_loops()
    with contextlib.redirect_stdout(sys.stderr):
        compiled = {name: _compiled(root, name) for name in pipelines}
    json.dump(compiled, sys.stdout)


def _look_only_in(root: Path) -> None:
    """Let `generators.pipelines` and `components` mean the repository's own folders, wherever graft is installed."""
    generators.pipelines.__path__[:] = [str(root / "generators" / "pipelines")]
    components = types.ModuleType("components")
    components.__path__ = [str(root / "components")]
    sys.modules["components"] = components


def _refuse_untyped_loops() -> None:
    """Refuse a loop over a bare `list`: kfp compiles its item as STRING, which KFP's driver refuses at run time."""
    original = for_loop.LoopParameterArgument.from_pipeline_channel

    def checked(channel: Any) -> for_loop.LoopParameterArgument:
        typed = isinstance(channel, for_loop.LoopArgumentVariable) or for_loop._get_loop_item_type(channel.channel_type)
        if not typed:
            raise Unfit(
                f"the loop over {channel.name!r} does not know the type of its items, and KFP would refuse them at "
                f"run time; annotate the list, for example List[dict]"
            )
        return original(channel)

    for_loop.LoopParameterArgument.from_pipeline_channel = staticmethod(checked)


def _compiled(root: Path, name: str) -> dict[str, Any]:
    _forget_authors_modules()
    try:
        pipeline = _pipeline(name)
        spec = values.integers(MessageToDict(pipeline.pipeline_spec))
        platform = values.integers(MessageToDict(pipeline.platform_spec))
        _refuse_unfit(spec)
    except Exception as error:
        return _explained(error, root, name)
    return {"spec": spec, "platform": platform, "made_from": _files_made_from(root)}


def _pipeline(name: str) -> GraphComponent:
    module = importlib.import_module(f"generators.pipelines.{name.replace('-', '_')}")
    found = {value.name: value for value in vars(module).values() if isinstance(value, GraphComponent)}
    if name not in found:
        there = ", ".join(sorted(found)) or "none"
        raise Unfit(f"no @dsl.pipeline(name={name!r}) in this module; it defines: {there}")
    return found[name]


def _refuse_unfit(spec: dict[str, Any]) -> None:
    if problems := lint.problems(spec):
        raise Unfit("; ".join(problems))


def _forget_authors_modules() -> None:
    """Import every pipeline afresh, so that what one was made from does not depend on which came before it."""
    for name in [name for name in sys.modules if name.startswith(("generators.pipelines.", "components."))]:
        del sys.modules[name]


def _files_made_from(root: Path) -> list[str]:
    """The author's files among the loaded modules: all that the pipeline was compiled from."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    paths = {Path(file).resolve() for file in files if file}
    return sorted(str(path.relative_to(root)) for path in paths if _is_authors(path, root))


def _explained(error: Exception, root: Path, name: str) -> dict[str, Any]:
    """The error at the last line of the repository's own code that it came through."""
    home = f"generators/pipelines/{name.replace('-', '_')}.py"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_authors(Path(frame.filename).resolve(), root)
    ]
    if isinstance(error, SyntaxError) and error.filename and _is_authors(Path(error.filename).resolve(), root):
        home, line = str(Path(error.filename).resolve().relative_to(root)), error.lineno or 1
    elif frames:
        home, line = str(Path(frames[-1].filename).resolve().relative_to(root)), frames[-1].lineno or 1
    else:
        line = 1
    words = str(error) if isinstance(error, Unfit) else f"{type(error).__name__}: {error}"
    if isinstance(error, TypeError) and "\nfrom __future__ import annotations\n" in (root / home).read_text():
        words += " (kfp cannot read annotations as text: remove `from __future__ import annotations`)"
    return {"error": words, "file": home, "line": line}


def _is_authors(path: Path, root: Path) -> bool:
    folders = (root / "generators" / "pipelines", root / "components")
    return any(path.is_relative_to(folder) for folder in folders)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
