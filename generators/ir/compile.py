"""From a pipeline's Python to its definition, cached by the content of all that it is made from.

A hit imports neither kfp nor the pipeline: the cache names the files that a definition was made from, with their
hashes, and holds the definition itself.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from generators.errors import GraftError
from generators.ir import definitions
from generators.ir.definitions import Definition
from generators.model import Finding, Place


class Files(Protocol):
    """What compiling needs of a repository."""

    root: Path

    def exists(self, path: str) -> bool: ...
    def sha256(self, path: str) -> str: ...


class Cache(Protocol):
    """Where compiled pipelines are kept between calls, by the pipeline's name."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, text: str) -> None: ...


def compile_heads(files: Files, names: Sequence[str], cache: Cache) -> tuple[dict[str, Definition], dict[str, Finding]]:
    """The definition of each named pipeline as the code stands now, and a finding for each that does not compile."""
    compiler = _compiler()
    known = {name: _cached(cache.get(name), files, compiler) for name in names}
    found = {name: definitions.definition(name, *content) for name, content in known.items() if content}
    answers = _compiled(files.root, [name for name in names if name not in found])
    for name, answer in answers.items():
        if "error" not in answer:
            found[name] = definitions.definition(name, answer["spec"], answer["platform"])
            cache.put(name, _entry(answer, files, compiler))
    return found, {name: _finding(name, answer) for name, answer in answers.items() if "error" in answer}


def module_of(pipeline: str) -> str:
    """The file that defines a pipeline."""
    return f"generators/pipelines/{pipeline.replace('-', '_')}.py"


def _compiler() -> str:
    """What turns the same Python into another definition when it changes: kfp, and the code around it."""
    sources = sorted(Path(definitions.__file__).parent.glob("*.py"))
    code = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    packages = ("kfp", "kfp-kubernetes", "kfp-pipeline-spec", "protobuf")
    return " ".join([code, *(f"{name}=={importlib.metadata.version(name)}" for name in packages)])


def _cached(entry: str | None, files: Files, compiler: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The specs in a cache entry that is still true; an entry that cannot be read is none."""
    try:
        kept = json.loads(entry or "{}")
        fresh = kept["compiler"] == compiler and all(
            files.exists(file) and files.sha256(file) == digest for file, digest in kept["made_from"].items()
        )
        return (kept["spec"], kept["platform"]) if fresh else None
    except (ValueError, KeyError, TypeError):
        return None


def _entry(answer: dict[str, Any], files: Files, compiler: str) -> str:
    made_from = {file: files.sha256(file) for file in answer["made_from"]}
    return json.dumps(answer | {"compiler": compiler, "made_from": made_from})


def _compiled(root: Path, names: list[str]) -> dict[str, Any]:
    if not names:
        return {}
    command = [sys.executable, "-m", "generators.ir.compile_worker", str(root), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GraftError(f"the compiler stopped with status {done.returncode}:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def _finding(name: str, answer: dict[str, Any]) -> Finding:
    place = Place(answer["file"], answer["line"])
    return Finding("invalid", "ir", "compile", place, name, f"the pipeline {name} does not compile: {answer['error']}")
