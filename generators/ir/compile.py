"""From a pipeline's Python to its definition, cached by the content of all that it is compiled from.

A hit imports neither kfp nor the pipeline. What a pipeline is made from is known only once it is compiled: every file
and folder of the repository that its process has looked at, as the process outside has seen it. So their names are
kept by the content of its module, and the definition by what is at each of them: a new file may take the place of
another in an import. What its components' images are built from is hashed each time, as a change of that alone compiles
nothing anew.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from generators.errors import GraftError
from generators.ir.definitions import Definition, compiled_text, with_sources
from generators.ir.user_code import COMPONENTS, PIPELINES
from generators.model import Finding, Place
from generators.sandbox.held import Held, Mode, sandbox_mode
from generators.sandbox.limits import Limits

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from generators.ir import compile_worker as worker; worker.start()"
)
# -I but for the hash seed, which it would not let be the same in every process: no variable is the caller's.
_PYTHON = ("-s", "-P", "-X", "utf8")
_VARIABLES = {
    "PATH": os.defpath, "HOME": "/nonexistent", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC",
    "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
}  # fmt: skip
_LIBRARIES = "LD_LIBRARY_PATH"  # by which some interpreters find their own library
_START_SECONDS = 600  # that importing kfp may take, on whatever machine and beside whatever else
LIMITS = Limits()
SHARED = f"{COMPONENTS}/shared"  # the package that every component's image holds, and its base image
COMPONENT_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


class Files(Protocol):
    """What compiling needs of a repository."""

    root: Path

    def exists(self, path: str) -> bool: ...
    def sha256(self, path: str) -> str: ...
    def names(self, folder: str) -> tuple[str, ...]: ...
    def files(self, pattern: str) -> tuple[str, ...]: ...
    def source(self, *folders: str) -> str: ...


@dataclass(frozen=True)
class _Compiled:
    """A definition but for the sources of its components; `images` are what its steps' containers run."""

    text: str
    lines: dict[str, list[Any]]
    images: list[str]


class Cache(Protocol):
    """Where results are kept between calls, by a kind and the hash of what they were made from."""

    def get(self, kind: str, key: str) -> Any | None: ...
    def put(self, kind: str, key: str, value: Any) -> None: ...
    def key(self, *parts: str) -> str: ...


def compile_heads(
    files: Files, names: Sequence[str], cache: Cache
) -> tuple[dict[str, Definition], dict[str, list[Finding]]]:
    """The definition of each named pipeline as the code stands now, and the findings of each that does not compile."""
    found = {name: known for name in names if (known := _kept(name, files, cache))}
    answers = _answers(files.root, [name for name in names if name not in found])
    for name, answer in answers.items():
        if "errors" not in answer:
            executors = answer["spec"].get("deploymentSpec", {}).get("executors", {}).values()
            images = sorted({executor["container"]["image"] for executor in executors if "container" in executor})
            found[name] = _Compiled(compiled_text(answer["spec"], answer["platform"]), answer["lines"], images)
            _keep(name, found[name], answer["looked"], files, cache)
    heads = {name: _definition(name, compiled, files) for name, compiled in found.items()}
    return heads, {name: _findings(name, answer["errors"]) for name, answer in answers.items() if "errors" in answer}


def component_folder(image: str) -> str:
    """The folder of the component that an image is built from, if it is one of a component."""
    return f"{COMPONENTS}/{image.replace('-', '_')}"


def sources(images: Iterable[str], files: Files) -> dict[str, str]:
    """Those of the images that are built from a component here, each with the hash of that as it is now.

    An image is built from its component's folder and, where the repository has one, from the package that all share.
    """
    folders = {image: component_folder(image) for image in images if COMPONENT_NAME.fullmatch(image)}
    shared = [SHARED] if files.exists(SHARED) else []
    return {image: files.source(folder, *shared) for image, folder in folders.items() if files.exists(folder)}


def _definition(name: str, compiled: _Compiled, files: Files) -> Definition:
    text = with_sources(compiled.text, sources(compiled.images, files))
    return Definition(name, text, {path: tuple(at) for path, at in compiled.lines.items()})


def module_of(pipeline: str) -> str:
    """The file that defines a pipeline."""
    return f"generators/pipelines/{pipeline.replace('-', '_')}.py"


def _kept(name: str, files: Files, cache: Cache) -> _Compiled | None:
    """What was compiled of the files as they are now; None where that is not kept."""
    looked = cache.get("looked-at", _module_key(name, files, cache))
    if not isinstance(looked, list) or not all(isinstance(path, str) for path in looked):
        return None
    kept = cache.get("compiled", _files_key(name, {path: _state(path, files) for path in looked}, cache))
    return kept and _Compiled(**kept)


def _keep(name: str, compiled: _Compiled, looked: dict[str, Any], files: Files, cache: Cache) -> None:
    """Keep what was compiled, unless a file has been saved since, so that it is not known of what."""
    states = {path: _state(path, files) for path in _with_folders(looked)}
    if all(_same(state, states[path]) for path, state in looked.items()):
        cache.put("looked-at", _module_key(name, files, cache), list(states))
        cache.put("compiled", _files_key(name, states, cache), vars(compiled))


def _module_key(name: str, files: Files, cache: Cache) -> str:
    return cache.key(name, files.sha256(module_of(name)))


def _files_key(name: str, states: Mapping[str, Any], cache: Cache) -> str:
    return cache.key(name, json.dumps(states, sort_keys=True))


def _state(path: str, files: Files) -> dict[str, Any]:
    """What is at a path that compiling looked at: a file's hash, a folder's names, or nothing."""
    if not files.exists(path):
        return {}
    return {"names": list(files.names(path))} if (files.root / path).is_dir() else {"sha256": files.sha256(path)}


def _same(then: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether a state that was seen is still there; of a folder all names were seen, and some say nothing.

    {} alone was not looked at closely, as where nobody outside could see what was read.
    """
    return not then or then == now or ("names" in then and {*now.get("names", ())} <= {*then["names"]})


def _with_folders(looked: Iterable[str]) -> list[str]:
    """The paths with the folders that Python looks into to import a file, from the author's down to its own."""
    parents = {parent.as_posix() for path in looked for parent in PurePosixPath(path).parents}
    return sorted({*looked, *(parent for parent in parents if parent.startswith((PIPELINES, COMPONENTS)))})


def _answers(root: Path, names: list[str]) -> dict[str, Any]:
    """The result for each pipeline, of a process that compiles them all, each in one of its own."""
    if not names:
        return {}
    mode = sandbox_mode()
    answer = _by_worker(root, names, mode)
    held = Held(**answer["held"])
    if mode is Mode.REQUIRE and held.missing:
        fix = "compile on a machine that has it, or accept what the pipelines' code may do: --sandbox=auto"
        raise GraftError(f"the pipelines' code cannot be contained here: {', '.join(held.missing)} is missing", fix)
    if mode is Mode.AUTO and held.missing:
        print(
            f"graft: the pipelines' code ran contained by {held.words()} alone: {', '.join(held.missing)} is missing; "
            f"--sandbox=require refuses this",
            file=sys.stderr,
        )
    return answer["results"]


def _by_worker(root: Path, names: list[str], mode: Mode = Mode.AUTO) -> dict[str, Any]:
    """What `compile_worker` writes; GraftError where it does not, which is no pipeline's doing."""
    graft = Path(__file__).parents[2]
    settings = json.dumps({"mode": mode, "limits": vars(LIMITS)})
    command = [sys.executable, *_PYTHON, "-c", _START, str(graft), str(root), settings, *names]
    variables = _VARIABLES | {name: os.environ[name] for name in (_LIBRARIES,) if name in os.environ}
    limit = _START_SECONDS + len(names) * (LIMITS.seconds + 2)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=variables, cwd="/",
            stdin=subprocess.DEVNULL, timeout=limit,
        )  # fmt: skip
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise GraftError(f"the compiler's process did not end within {limit} s", "run it again") from None
    except ValueError:
        said = done.stderr.strip().splitlines()[-1:]
        why = f"the compiler's process exited with status {done.returncode} without an answer"
        raise GraftError(": ".join([why, *said]), "look whether graft's own packages are whole: make install") from None


def _findings(name: str, errors: Iterable[dict[str, Any]]) -> list[Finding]:
    says = f"the pipeline {name} does not compile: "
    return [
        Finding("invalid", "ir", "compile", Place(each["file"], each["line"]), name, says + each["error"])
        for each in errors
    ]
