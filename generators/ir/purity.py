"""A pipeline's module is a pure description: what it compiles to may depend on nothing but its own text.

A definition is named by its content and cached by its sources, so a file, a variable or the time of day that slips in
would give two machines two pipelines. This is judged on the text, by a process that does not run it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from generators.ir.imports import imported

IMPURE_MODULES = {
    "asyncio", "builtins", "codecs", "ctypes", "datetime", "dbm", "fileinput", "getpass", "glob", "http", "importlib",
    "io", "linecache", "locale", "mmap", "multiprocessing", "os", "pathlib", "pkgutil", "platform", "posix", "random",
    "requests", "runpy", "secrets", "shelve", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tarfile",
    "tempfile", "threading", "time", "urllib", "uuid", "zipfile", "zoneinfo",
}  # fmt: skip
# What kfp would read from the disk into the pipeline, where neither its definition nor a reviewer sees it.
EMBEDDED = {"embedded_artifact_path", "notebook_path"}
IMPURE_CALLS = {"open", "input", "eval", "exec", "compile", "__import__"}
IMPURE_ATTRIBUTES = {"environ", "environb", "getenv", "__builtins__", "__import__", "__subclasses__"}
_BORROWED = {"builtins", "ctypes", "importlib", "os", "posix", "socket", "subprocess", "sys"}  # out of any module
_IN_IMAGE = "component"  # kfp's decorator of a function whose body runs in its image
_PACKAGE = re.compile(r"components/[^/]+/src/")  # what an image holds, which is read where it is embedded


def of_files(texts: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """(file, line, problem) of the files that were read for a pipeline, by name; one that is no Python has none.

    A component's package is judged where a module that is compiled imports it, and not where it is embedded.
    """
    waiting = [file for file in texts if not _PACKAGE.match(file)]
    judged: set[str] = set()
    while waiting:
        file = waiting.pop(0)
        if file in judged:
            continue
        judged.add(file)
        try:
            tree = ast.parse(texts[file], file)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield from ((file, line, words) for line, words in _problems(tree))
        waiting += _imported_packages(tree, _module(file), texts)


def problems(source: str, file: str) -> Iterator[tuple[int, str]]:
    """(line, problem) for everything in a module that reaches outside it while a pipeline is compiled.

    The bodies of a component's functions run in its image, so they are left out. Raises SyntaxError.
    """
    yield from _problems(ast.parse(source, file))


def _problems(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in _walk(tree):
        for name in _imported(node):
            if name.split(".")[0] in IMPURE_MODULES:
                yield node.lineno, f"what is compiled may not import {name}: that belongs inside a component's function"
        if isinstance(node, ast.Attribute) and node.attr in IMPURE_ATTRIBUTES:
            yield node.lineno, f"what is compiled may not ask for {node.attr}: that belongs in a component's function"
        if isinstance(node, ast.keyword) and node.arg in EMBEDDED:
            yield node.value.lineno, f"what is compiled may not embed files ({node.arg}): put them into the image"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            yield node.lineno, f"what is compiled may not call {node.func.id}(): that belongs in a component's function"


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (_runs_in_image(node) and child in node.body):
            yield from _walk(child)


def _runs_in_image(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    decorators = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    return any(getattr(each, "attr", getattr(each, "id", "")) == _IN_IMAGE for each in decorators)


def _imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports, also one that it takes out of another that has imported it."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    borrowed = [alias.name for alias in node.names if alias.name in _BORROWED]
    return borrowed or ([node.module] if node.module and not node.level else [])


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _imported_packages(tree: ast.AST, module: str, texts: Mapping[str, str]) -> list[str]:
    """The files of components' packages that a module imports."""
    names = {name for node in ast.walk(tree) for name in imported(node, module)}
    return [
        file
        for file in texts
        if _PACKAGE.match(file) and any(f"{name}.".startswith(f"{_module(file)}.") for name in names)
    ]
