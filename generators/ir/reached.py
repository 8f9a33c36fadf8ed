"""Which modules of the packages in some folders a piece of Python reaches by its imports, directly or not."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from generators.ir.imports import imported


def reached(names: Iterable[str], folders: Sequence[Path]) -> set[Path]:
    """The files of the named modules, and of all that these import."""
    waiting, files = list(names), set()
    while waiting:
        for file in _files(waiting.pop(), folders):
            if file not in files:
                files.add(file)
                waiting += imports(file.read_text("utf-8"), _module(file, folders))
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


def imports(text: str, module: str = "") -> Iterator[str]:
    """Every module that a text imports, and every name out of one, which may be a module; none of what is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        yield from imported(node, module)
