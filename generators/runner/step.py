"""Running one step: its executor's process, from its inputs to its outputs."""

from __future__ import annotations

import shutil
from pathlib import Path

from generators.errors import GraftError
from generators.ir.view import Component
from generators.ir.view.tree import ARTIFACTS
from generators.runner import outputs, placeholders
from generators.runner.cancel import Cancelled, Token
from generators.runner.command import code_of, command, scratch_folder
from generators.runner.context import Context
from generators.runner.importer import imported
from generators.runner.last_words import LastWords
from generators.runner.process import Exit, run_process
from generators.runner.results import Failure, Location, Result, State, Values
from generators.runner.settings import Event


def run_step(context: Context, component: Component, inputs: Values, place: Location, token: Token) -> Result:
    """Run a component that has an executor, wait for it, and say how it ended."""
    path, folder = str(place), context.directory.joinpath(*place.path)
    log = folder / "log.txt" if context.pipeline.container(component.executor) else None
    code = code_of(context, component.executor)
    if known := _reused(context, place, inputs, code):
        context.record.reused(path, inputs, known, code)
        return Result(State.SUCCEEDED, known, is_new=False)
    try:
        token.check()
        with context.slots:
            token.check()
            context.record.started(path, inputs, log, code)
            result = Result(State.SUCCEEDED, _outputs(context, component, inputs, place, token))
    except Cancelled:
        result = Result(State.ENDED)
    except GraftError as error:
        result = Result(State.FAILED, failure=Failure.of(error, path, log))
    except OSError as error:
        told = GraftError(f"{error.filename or 'the disk'}: {error.strerror or error}")
        result = Result(State.FAILED, failure=Failure.of(told, path, log))
    context.record.ended(path, result)
    return result


def _reused(context: Context, place: Location, inputs: Values, code: str) -> Values | None:
    """What an earlier run gave for it, where this one is to take that."""
    reuse = context.settings.reuse
    around = ["/".join(place.path[: end + 1]) for end in range(len(place.path))]
    if reuse is None or place.must_run or any(map(reuse.begins_at, around)):
        return None
    return reuse.outputs(str(place), inputs, code)


def _outputs(context: Context, component: Component, inputs: Values, place: Location, token: Token) -> Values:
    folder = context.directory.joinpath(*place.path)
    _clear(folder)
    promised = outputs.executor_input(component, inputs, folder)
    names = context.names | {"pipeline_task_name": place.task, "pipeline_task_uuid": place.uuid(context.names)}
    tree = placeholders.view(promised, inputs.parameters, names)
    executor = context.pipeline.executor(component.executor)
    if "importer" in executor:
        artifact = imported(executor["importer"], tree, context.settings.repository)
        return Values({}, {name: [artifact] for name in component.outputs(ARTIFACTS)})
    with scratch_folder() as scratch:
        process = command(context, component.executor, tree, folder, Path(scratch))
        timeout = context.pipeline.pod(component.executor).deadline or None
        words = LastWords()

        def heard(line: str) -> None:
            words.hear(line)
            context.record.tell(Event("output", str(place), text=line))

        ended = run_process(process, token, timeout, heard)
        _check(ended, timeout, words.text)
        return outputs.collected(component, promised)


def _check(ended: Exit, timeout: int | None, last_words: str) -> None:
    if ended.cancelled:
        raise Cancelled
    if ended.timed_out:
        raise GraftError(f"it was ended at its deadline of {timeout} s")
    if ended.status:
        how = f"exit status {ended.status}" if ended.status > 0 else f"ended by signal {-ended.status}"
        said = f"; it said: {last_words}" if last_words else ""
        raise GraftError(f"its command failed: {how}{said}")


def _clear(folder: Path) -> None:
    """Make the step's folder, without what an earlier attempt left; the log of all attempts is one."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        elif item.name != "log.txt":
            item.unlink()
