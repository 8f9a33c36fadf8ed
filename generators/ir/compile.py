"""From a pipeline's Python to its definition, cached by the content of all that it is compiled from.

A hit imports neither kfp nor the pipeline. Which files a pipeline is made from is known only once it is compiled, so
their names are kept by the content of its module, and the definition by the content of them all and the names of what
stands beside them: a new file may take the place of another in an import. What its components' images are built from
is hashed each time, as a change of that alone compiles nothing anew.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from generators.ir.definitions import Definition, compiled_text, with_sources
from generators.ir.user_code import COMPONENTS, PIPELINES
from generators.model import Finding, Place

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from generators.ir import compile_worker as worker; worker.start()"
)
_ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
SHARED = f"{COMPONENTS}/shared"  # the package that every component's image holds, and its base image
COMPONENT_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_FEW = 3  # pipelines that one process compiles in less time than another takes to import kfp


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
    missing = [name for name in names if name not in found]
    before = _state(files) if missing else {}
    answers = _compiled(files.root, missing)
    same = bool(missing) and _state(files) == before  # or it is not known what was compiled
    for name, answer in answers.items():
        if "errors" not in answer:
            executors = answer["spec"].get("deploymentSpec", {}).get("executors", {}).values()
            images = sorted({executor["container"]["image"] for executor in executors if "container" in executor})
            found[name] = _Compiled(compiled_text(answer["spec"], answer["platform"]), answer["lines"], images)
            if same:
                _keep(name, found[name], answer["made_from"], files, cache)
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


def _state(files: Files) -> dict[str, str]:
    """The hash of every file that a pipeline can be made from."""
    listed = (*files.files(f"{PIPELINES}/**/*.py"), *files.files(f"{COMPONENTS}/**/*.py"))
    return {file: files.sha256(file) for file in listed}


def module_of(pipeline: str) -> str:
    """The file that defines a pipeline."""
    return f"generators/pipelines/{pipeline.replace('-', '_')}.py"


def _kept(name: str, files: Files, cache: Cache) -> _Compiled | None:
    """What was compiled of the files as they are now; None where that is not kept."""
    made_from = cache.get("made-from", _module_key(name, files, cache))
    if not isinstance(made_from, list) or not all(isinstance(file, str) and files.exists(file) for file in made_from):
        return None
    kept = cache.get("compiled", _files_key(name, made_from, files, cache))
    return kept and _Compiled(**kept)


def _keep(name: str, compiled: _Compiled, made_from: list[str], files: Files, cache: Cache) -> None:
    cache.put("made-from", _module_key(name, files, cache), made_from)
    cache.put("compiled", _files_key(name, made_from, files, cache), vars(compiled))


def _module_key(name: str, files: Files, cache: Cache) -> str:
    return cache.key(name, files.sha256(module_of(name)))


def _files_key(name: str, made_from: Iterable[str], files: Files, cache: Cache) -> str:
    contents = [part for file in made_from for part in (file, files.sha256(file))]
    folders = sorted({parent for file in made_from for parent in _folders(file)})
    beside = [part for folder in folders for part in (folder, *files.names(folder))]
    return cache.key(name, *contents, *beside)


def _folders(file: str) -> list[str]:
    """The folders that Python looks into to import a file, from the author's down to its own."""
    parents = [parent.as_posix() for parent in PurePosixPath(file).parents]
    return [parent for parent in parents if parent.startswith((PIPELINES, COMPONENTS))]


def _compiled(root: Path, names: list[str]) -> dict[str, Any]:
    """The worker's answer for each pipeline, by as many processes as that is worth."""
    processes = min(os.cpu_count() or 1, -(-len(names) // _FEW))
    shares = [names[at::processes] for at in range(processes)]
    with ThreadPoolExecutor(max(1, processes)) as pool:
        answers = pool.map(lambda share: _by_worker(root, share), shares)
    return {name: answer for share in answers for name, answer in share.items()}


def _by_worker(root: Path, names: list[str]) -> dict[str, Any]:
    """The answers of one process; where it gives none, of one process for each, to see which pipeline ended it."""
    graft = Path(__file__).parents[2]
    # Isolated from the caller's folder and variables, on which a definition must not depend.
    command = [sys.executable, "-I", "-X", "utf8", "-c", _START, str(graft), str(root), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_ENVIRONMENT)
    try:
        if done.returncode == 0:
            return json.loads(done.stdout)
    except ValueError:
        pass
    if len(names) > 1:
        return {name: answer for each in names for name, answer in _by_worker(root, [each]).items()}
    why = f"the compiler's process exited with status {done.returncode} without an answer"
    said = done.stderr.strip().splitlines()[-1:]
    return {names[0]: {"errors": [{"error": ": ".join([why, *said]), "file": module_of(names[0]), "line": 1}]}}


def _findings(name: str, errors: Iterable[dict[str, Any]]) -> list[Finding]:
    says = f"the pipeline {name} does not compile: "
    return [
        Finding("invalid", "ir", "compile", Place(each["file"], each["line"]), name, says + each["error"])
        for each in errors
    ]
