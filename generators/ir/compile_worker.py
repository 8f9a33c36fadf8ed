"""Compile pipelines in a process of their own, which `generators.ir.compile` starts: GRAFT REPOSITORY PIPELINE....

The process gives the author's code a clean interpreter, and spares graft the import of kfp whenever nothing has
changed. Standard output is one JSON object, a pipeline's name to either

    {"spec": ..., "platform": ..., "made_from": [file, ...], "lines": {path of a step: [file, line]}}
    {"errors": [{"error": ..., "file": ..., "line": ...}, ...]}
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Most of kfp's import is its client for a server, and nothing that is compiled may reach one.
sys.modules["kfp.client"] = types.ModuleType("kfp.client")
sys.modules["kfp.client"].Client = None

from google.protobuf.json_format import MessageToDict  # noqa: E402
from kfp.dsl import for_loop, pipeline_context  # noqa: E402
from kfp.dsl.graph_component import GraphComponent  # noqa: E402

import generators.pipelines  # noqa: E402
from generators.inventory.read import CONFLICT, CONFLICT_FIX, conflict_line  # noqa: E402
from generators.ir import compilable, embedding, purity, values  # noqa: E402
from generators.ir.user_code import PIPELINES, AuthorsCode, Unfit  # noqa: E402
from generators.ir.view import Pipeline  # noqa: E402


def main(root: Path, pipelines: list[str]) -> None:
    _look_only_in(root)
    _refuse_untyped_loops()
    lines = _remember_lines(AuthorsCode(root))
    with contextlib.redirect_stdout(sys.stderr):
        compiled = {name: _compiled(root, name, lines) for name in pipelines}
    json.dump(compiled, sys.stdout)


def _look_only_in(root: Path) -> None:
    """Let `generators.pipelines` and `components` mean the repository's own folders, wherever graft is installed."""
    generators.pipelines.__path__[:] = [str(root / "generators" / "pipelines")]
    # Python takes bytecode for that of a file which has the same size and time, and an edit may keep both.
    sys.dont_write_bytecode, sys.pycache_prefix = True, os.devnull
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


def _remember_lines(code: AuthorsCode) -> dict[str, list[tuple[str, int]]]:
    """Name of a task or group to the lines of the author's code that make it, filled while pipelines are built."""
    original, push, lines = pipeline_context.Pipeline.add_task, pipeline_context.Pipeline.push_tasks_group, {}

    def add_task(self: Any, **arguments: Any) -> str:
        name = original(self, **arguments)
        if line := code.calling_line():
            lines.setdefault(name, []).append(line)
        return name

    def push_tasks_group(self: Any, group: Any) -> None:
        push(self, group)
        if line := code.calling_line():
            lines.setdefault(group.name, []).append(line)

    pipeline_context.Pipeline.add_task = add_task
    pipeline_context.Pipeline.push_tasks_group = push_tasks_group
    return lines


def _compiled(root: Path, name: str, lines: dict[str, list[tuple[str, int]]]) -> dict[str, Any]:
    code = AuthorsCode(root)
    code.forget()
    lines.clear()
    embedding.look_in(root)
    try:
        pipeline, others = _pipeline(name)
        spec = values.integers(MessageToDict(pipeline.pipeline_spec))
        platform = values.integers(MessageToDict(pipeline.platform_spec))
        loaded = code.loaded_files()
        made_from = sorted({*loaded, *embedding.files_read()})
        if unfit := [*_unfit(spec, lines), *_unseen(spec, others), *_impure(loaded, root)]:
            raise ExceptionGroup("unfit", unfit)
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        several = error.exceptions if isinstance(error, ExceptionGroup) else [error]
        return {"errors": [_error(each, name, code) for each in several]}
    steps = [(path, task.key) for path, task in Pipeline.of(spec).walk() if not task.is_branching]
    places = {path: line for path, key in steps if (line := _only_line(key, lines))}
    return {"spec": spec, "platform": platform, "made_from": made_from, "lines": places}


def _error(error: BaseException, name: str, code: AuthorsCode) -> dict[str, Any]:
    file, line = code.place_of(error) or (f"{PIPELINES}/{name.replace('-', '_')}.py", 1)
    return {"error": _words(error, (code.root / file).read_text("utf-8", "replace")), "file": file, "line": line}


def _pipeline(name: str) -> tuple[GraphComponent, list[GraphComponent]]:
    """The pipeline that a module is called after, and the others that it defines."""
    module = importlib.import_module(f"generators.pipelines.{name.replace('-', '_')}")
    found = {value.name: value for value in vars(module).values() if isinstance(value, GraphComponent)}
    if name not in found:
        there = ", ".join(sorted(found)) or "none"
        raise Unfit(f"no @dsl.pipeline(name={name!r}) in this module; it defines: {there}")
    others = [each for key, each in found.items() if key != name]
    return found[name], [each for each in others if each.pipeline_func.__module__ == module.__name__]


def _unseen(spec: dict[str, Any], others: list[GraphComponent]) -> Iterator[Unfit]:
    """Pipelines beside the one of the module's name that it does not run either, so that nothing would see them."""
    for each in others:
        if f"comp-{each.name}" not in spec.get("components", {}):
            code = each.pipeline_func.__code__
            file = f"{PIPELINES}/{each.name.replace('-', '_')}.py"
            message = f"the module also defines the pipeline {each.name}, which nothing runs; move it to {file}"
            yield Unfit(message, (f"{PIPELINES}/{Path(code.co_filename).name}", code.co_firstlineno))


def _only_line(key: str, lines: dict[str, list[tuple[str, int]]]) -> tuple[str, int] | None:
    """Where a task or group is made, None where that may be another one of the same name in another pipeline."""
    return lines[key][0] if len(lines.get(key, ())) == 1 else None


def _unfit(spec: dict[str, Any], lines: dict[str, list[tuple[str, int]]]) -> Iterator[Unfit]:
    for key, words in compilable.problems(spec):
        yield Unfit(words, _only_line(key, lines))


def _impure(files: list[str], root: Path) -> Iterator[Unfit]:
    for file in files:
        in_image = not file.startswith(PIPELINES)  # what stands in a component's functions
        for line, problem in purity.problems((root / file).read_text("utf-8", "replace"), file, functions=not in_image):
            yield Unfit(problem, (file, line))


def _words(error: BaseException, source: str) -> str:
    if isinstance(error, Unfit):
        return str(error)
    if isinstance(error, SyntaxError) and conflict_line(source, broken=True):
        return f"{CONFLICT}; {CONFLICT_FIX}"
    hint = ""
    if isinstance(error, TypeError) and "\nfrom __future__ import annotations\n" in source:
        hint = " (kfp cannot read annotations as text: remove `from __future__ import annotations`)"
    return f"{type(error).__name__}: {error}{hint}"


def start() -> None:
    """Compile what the arguments say; from here on nothing is imported from the folder that graft itself is in."""
    graft, root, *pipelines = sys.argv[1:]
    sys.path.remove(graft)
    main(Path(root).resolve(), pipelines)


if __name__ == "__main__":
    start()
