"""What a step's code is: of the packages beside it, the modules that it reaches by its imports."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from generators.ir.imports import imported


def digest(texts: Sequence[str], folders: Sequence[Path]) -> str:
    """A hash of a command and of every module of the packages in `folders` that it imports, directly or not.

    A text of the command that is Python is read for its imports, and so is what stands behind `-m`.
    """
    named = [text for before, text in zip(["", *texts], texts, strict=False) if before == "-m"]
    reached = _reached([*named, *(name for text in texts for name in _imports(text))], folders)
    found = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass"))
    for file in sorted(reached):
        found.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return found.hexdigest()


def _reached(names: Iterable[str], folders: Sequence[Path]) -> set[Path]:
    waiting, files = list(names), set()
    while waiting:
        for file in _files(waiting.pop(), folders):
            if file not in files:
                files.add(file)
                waiting += _imports(file.read_text("utf-8"), _module(file, folders))
    return files


def _files(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    """The file of a module, those of the packages around it, and of a package its `__main__`."""
    parts = name.split(".")
    for folder in folders:
        for length in range(1, len(parts) + 1):
            place = folder.joinpath(*parts[:length])
            candidates = (place / "__init__.py", place / "__main__.py", place.with_name(f"{place.name}.py"))
            yield from (file for file in candidates if file.is_file())


def _module(file: Path, folders: Sequence[Path]) -> str:
    """The dotted name of a module in one of the folders; a package's is that of its `__init__`."""
    folder = next(folder for folder in folders if file.is_relative_to(folder))
    return ".".join(file.relative_to(folder).with_suffix("").parts)


def _imports(text: str, module: str = "") -> Iterator[str]:
    """Every module that a text imports, and every name out of one, which may be a module; none of what is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        yield from imported(node, module)
