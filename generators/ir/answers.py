"""Makes a result of what a contained process has answered for one pipeline, by code that runs beside no author's.

What it answers is data: it is held against its form and KFP's own message, its places must be in the repository, and it
speaks for the pipeline that it was asked about alone.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from kfp.pipeline_spec import pipeline_spec_pb2

from generators.inventory.paths import format_path
from generators.ir import compilable, purity, validate, values
from generators.ir.user_code import COMPONENTS, PIPELINES
from generators.ir.view import Pipeline
from generators.sandbox.contained import Ended
from generators.sandbox.entering import NOT_CONTAINED
from generators.sandbox.limits import Limits

Place = tuple[str, int]
_FRAME = re.compile(r'  File "(.+)", line (\d+) in ')
_LONGEST = 2000  # characters of a message
_MIB = 1 << 20
_FORM = {"type", "missing"}  # what whoever reads its tasks cannot do without
_ENDS = {"cycle", "size", "depth"}


def result(root: Path, name: str, ended: Ended, limits: Limits) -> dict[str, Any]:
    """A definition with what it was made from and its steps' lines, or `errors`, as `compile_worker` writes them."""
    own = (f"{PIPELINES}/{name.replace('-', '_')}.py", 1)
    tried = list(_tried(root, ended, own))
    if ended.over or ended.status or not ended.answer:
        place, words = _ending(root, ended, limits, own)
        return {"errors": [_error(words, place), *tried]}
    try:
        answer = _Answer(root, name, json.loads(ended.answer))
    except (OSError, ValueError, RecursionError) as error:  # a name may be longer than any file's
        return {"errors": [_error(f"the answer of the compiler's process is not what it should be: {error}", own)]}
    looked = ended.looked if ended.looked is not None else {file: {} for file in answer.files}
    errors = [*answer.errors, *answer.unfit(), *tried, *_impure(root, looked)]
    return {"errors": errors} if errors else {**answer.definition(), "looked": looked}


class _Answer:
    """What was answered, in its form; ValueError says where it is not."""

    def __init__(self, root: Path, name: str, given: Any) -> None:
        self._root = root
        _expect(isinstance(given, dict), "it is not a mapping")
        self.errors = [_error(str(each.get("error")), self._place(each)) for each in _list(given, "errors", dict)]
        self.files = [file for key in ("embedded", "loaded") for file in _list(given, key, str) if self._is_ours(file)]
        self._lines = {str(key): list(self._places(places)) for key, places in _mapping(given, "lines").items()}
        self._spec = self._platform = {}
        if "spec" in given or not self.errors:
            self._spec = _message(given, "spec", pipeline_spec_pb2.PipelineSpec())
            self._platform = _message(given, "platform", pipeline_spec_pb2.PlatformSpec())
            said = self._spec.get("pipelineInfo", {}).get("name")
            _expect(said == name, f"it is about the pipeline {said!r}")

    def unfit(self) -> list[dict[str, Any]]:
        """Everything that would fail or mislead on a cluster."""
        own = self._own_file()
        if unsound := list(self._unsound()):
            return [_error(words, own) for words in unsound]
        problems = compilable.problems(self._spec) if self._spec else []
        return [_error(words, self._only_line(key) or own) for key, words in problems]

    def _unsound(self) -> Iterator[str]:
        """What of a message that kfp has not made keeps its tasks from being read one after the other, to an end."""
        for each in validate.problems(self._spec, self._platform) if self._spec else ():
            nowhere = each.rule == "reference" and "componentRef" in each.path
            if nowhere or each.rule in _FORM | _ENDS:
                yield f"{format_path(each.path)}: {each.message}"

    def definition(self) -> dict[str, Any]:
        steps = [(path, task.key) for path, task in Pipeline.of(self._spec).walk() if not task.is_branching]
        lines = {path: line for path, key in steps if (line := self._only_line(key))}
        return {"spec": self._spec, "platform": self._platform, "lines": lines}

    def _own_file(self) -> Place:
        return f"{PIPELINES}/{self._spec.get('pipelineInfo', {}).get('name', '').replace('-', '_')}.py", 1

    def _only_line(self, key: str) -> Place | None:
        """Where a task or group is made, None where that may be another one of the same name in another pipeline."""
        return self._lines[key][0] if len(self._lines.get(key, ())) == 1 else None

    def _places(self, given: Any) -> Iterator[Place]:
        for each in given if isinstance(given, list) else ():
            _expect(isinstance(each, list) and len(each) == 2, "a line is not a file with a number")
            yield self._place({"file": each[0], "line": each[1]})

    def _place(self, given: dict[str, Any]) -> Place:
        file, line = given.get("file"), given.get("line")
        _expect(isinstance(file, str) and self._is_ours(file), "a file is not one of the repository's code")
        _expect(type(line) is int and 0 < line < 10**6, "a line is not a number")
        return file, line

    def _is_ours(self, file: str) -> bool:
        path = (self._root / file).resolve()
        below = any(path.is_relative_to(self._root / folder) for folder in (PIPELINES, COMPONENTS))
        return below and path.is_file() and path.relative_to(self._root).as_posix() == file


def _message(given: dict[str, Any], key: str, message: Any) -> dict[str, Any]:
    _expect(isinstance(given.get(key), str), f"it has no {key}")
    try:
        message.ParseFromString(base64.b64decode(given[key], validate=True))
        return values.integers(MessageToDict(message))
    except Exception as error:  # protobuf's own, which have no class in common
        raise ValueError(f"its {key} is not KFP's message: {error}") from None


def _expect(holds: bool, words: str) -> None:
    if not holds:
        raise ValueError(words)


def _list(given: dict[str, Any], key: str, kind: type) -> list[Any]:
    found = given.get(key, [])
    _expect(isinstance(found, list) and all(isinstance(each, kind) for each in found), f"its {key} are not a list")
    return found


def _mapping(given: dict[str, Any], key: str) -> dict[str, Any]:
    found = given.get(key, {})
    _expect(isinstance(found, dict), f"its {key} are not a mapping")
    return found


def _ending(root: Path, ended: Ended, limits: Limits, own: Place) -> tuple[Place, str]:
    """Where and why a process has ended without an answer."""
    last = next(iter(_frames(root, ended.where)), own) if ended.over else own
    over = {
        "seconds": f"compiling it did not end within {limits.seconds} s; make it end, as it only describes a pipeline",
        "answer": f"its definition is larger than {limits.answer // _MIB} MiB; leave data out of it",
        "printed": f"it prints more than {limits.printed / _MIB:g} MiB; print nothing when it is imported",
    }
    if ended.over:
        return last, over[ended.over]
    status = f"signal {-ended.status}" if ended.status < 0 else f"status {ended.status}"
    why = f"the compiler's process exited with {status} without an answer"
    if ended.status == NOT_CONTAINED:
        why = "the compiler's process could not be contained"
    said = ended.printed.decode("utf-8", "replace").strip().splitlines()[-1:]
    return own, ": ".join([why, *said])


def _tried(root: Path, ended: Ended, own: Place) -> Iterator[dict[str, Any]]:
    """What was tried to be opened outside of what may be read, each at its line."""
    stacks = ended.where.split(b"(most recent call first):")[1:]
    for at, said in enumerate(ended.tried):
        place = next(iter(_frames(root, stacks[at])), own) if at < len(stacks) else own
        what, _, path = said.partition(" ")
        may = "write nothing" if what == "write" else "read the repository's own files alone, and none that is hidden"
        yield _error(f"tried to {what} {path}; what is compiled may {may}", place)


def _frames(root: Path, text: bytes) -> Iterator[Place]:
    """The lines of the author's code that a stack names, the innermost first."""
    for file, line in _FRAME.findall(text.decode("utf-8", "replace")):
        path = Path(file)
        if any(path.is_relative_to(root / folder) for folder in (PIPELINES, COMPONENTS)) and path.is_file():
            yield path.relative_to(root).as_posix(), int(line)


def _impure(root: Path, looked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What in the files that were read reaches outside them while a pipeline is compiled."""
    read = [file for file in looked if file.endswith(".py") and file.startswith((f"{PIPELINES}/", f"{COMPONENTS}/"))]
    texts = {file: (root / file).read_bytes() for file in sorted(read) if (root / file).is_file()}
    for file, line, problem in purity.of_files(texts):
        yield _error(problem, (file, line))


def _error(words: str, place: Place) -> dict[str, Any]:
    """What is said of a place, in one line without what a terminal, or a CI's log, would take for a command."""
    line = " ".join(words[:_LONGEST].splitlines())
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line)
    return {"error": shown, "file": place[0], "line": place[1]}
