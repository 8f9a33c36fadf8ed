"""What a contained process does with one pipeline's module: runs it, and writes what it has made of it as JSON:

    {"spec": PipelineSpec, "platform": PlatformSpec, "lines": {key of a task: [[file, line], ...]},
     "errors": [{"error": text, "file": ..., "line": ...}, ...], "embedded": [file, ...], "loaded": [file, ...]}

The messages are in KFP's own binary form, as base64, and not there where the module raises. All of this is said beside
the author's code, which may say anything: `answers` takes it as data.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kfp.dsl import for_loop, pipeline_context
from kfp.dsl.graph_component import GraphComponent

from generators.inventory.read import CONFLICT, CONFLICT_FIX, conflict_line
from generators.ir import embedding
from generators.ir.user_code import PIPELINES, AuthorsCode, Unfit
from generators.sandbox.limits import Limits

_SEED = 0
Lines = dict[str, list[tuple[str, int]]]


def build(root: Path, name: str, descriptor: int) -> None:
    """Run a pipeline's module, and write the answer to a descriptor."""
    code = AuthorsCode(root)
    embedding.look_in(root)
    os.urandom = random.Random(_SEED).randbytes  # kfp draws names that it throws away; the kernel gives no others
    _refuse_untyped_loops()
    answer = _built(code, name, _remember_lines(code))
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump({**answer, "embedded": embedding.files_read(), "loaded": code.loaded_files()}, stream)


def _built(code: AuthorsCode, name: str, lines: Lines) -> dict[str, Any]:
    try:
        pipeline, others = _pipeline(name)
        spec, platform = (_encoded(each) for each in (pipeline.pipeline_spec, pipeline.platform_spec))
        unseen = list(_unseen(pipeline.pipeline_spec, others))
    except BaseException as error:
        several = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
        return {"errors": [_error(each, name, code) for each in several]}
    return {
        "spec": spec,
        "platform": platform,
        "lines": lines,
        "errors": [_error(each, name, code) for each in unseen],
    }


def _encoded(message: Any) -> str:
    return base64.b64encode(message.SerializeToString()).decode()


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


def _remember_lines(code: AuthorsCode) -> Lines:
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


def _pipeline(name: str) -> tuple[GraphComponent, list[GraphComponent]]:
    """The pipeline that a module is called after, and the others that it defines."""
    module = importlib.import_module(f"generators.pipelines.{name.replace('-', '_')}")
    found = {value.name: value for value in vars(module).values() if isinstance(value, GraphComponent)}
    if name not in found:
        there = ", ".join(sorted(found)) or "none"
        raise Unfit(f"no @dsl.pipeline(name={name!r}) in this module; it defines: {there}")
    others = [each for key, each in found.items() if key != name]
    return found[name], [each for each in others if each.pipeline_func.__module__ == module.__name__]


def _unseen(spec: Any, others: list[GraphComponent]) -> Iterator[Unfit]:
    """Pipelines beside the one of the module's name that it does not run either, so that nothing would see them."""
    for each in others:
        if f"comp-{each.name}" not in spec.components:
            code = each.pipeline_func.__code__
            file = f"{PIPELINES}/{each.name.replace('-', '_')}.py"
            message = f"the module also defines the pipeline {each.name}, which nothing runs; move it to {file}"
            yield Unfit(message, (f"{PIPELINES}/{Path(code.co_filename).name}", code.co_firstlineno))


def _error(error: BaseException, name: str, code: AuthorsCode) -> dict[str, Any]:
    file, line = code.place_of(error) or (f"{PIPELINES}/{name.replace('-', '_')}.py", 1)
    return {"error": _words(error, (code.root / file).read_text("utf-8", "replace")), "file": file, "line": line}


def _words(error: BaseException, source: str) -> str:
    if isinstance(error, Unfit):
        return str(error)
    if isinstance(error, SyntaxError) and conflict_line(source, broken=True):
        return f"{CONFLICT}; {CONFLICT_FIX}"
    if isinstance(error, MemoryError):
        return f"needs more than {Limits().memory >> 30} GiB of memory; leave out of it what its steps are for"
    hint = ""
    if isinstance(error, TypeError) and "\nfrom __future__ import annotations\n" in source:
        hint = " (kfp cannot read annotations as text: remove `from __future__ import annotations`)"
    return f"{type(error).__name__}: {error}{hint}"
