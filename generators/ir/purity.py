"""A pipeline's module is a pure description: what it compiles to may depend on nothing but its own text.

A definition is named by its content and cached by its sources, so a file, a variable or the time of day that slips in
would give two machines two pipelines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

IMPURE_MODULES = {
    "asyncio", "builtins", "codecs", "ctypes", "datetime", "dbm", "fileinput", "getpass", "glob", "http", "importlib",
    "io", "linecache", "locale", "mmap", "multiprocessing", "os", "pathlib", "pkgutil", "platform", "posix", "random",
    "requests", "runpy", "secrets", "shelve", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tarfile",
    "tempfile", "threading", "time", "urllib", "uuid", "zipfile", "zoneinfo",
}  # fmt: skip
# What kfp would read from the disk into the pipeline, where neither its definition nor a reviewer sees it.
EMBEDDED = {"embedded_artifact_path", "notebook_path"}
IMPURE_CALLS = {"open", "input", "eval", "exec", "compile", "__import__"}


def problems(source: str, file: str, functions: bool = True) -> Iterator[tuple[int, str]]:
    """(line, problem) for everything in a module that reaches outside it while a pipeline is compiled.

    The bodies of a component's functions run in its image, so they are left out without `functions`. Raises
    SyntaxError.
    """
    for node in _walk(ast.parse(source, file), functions):
        for name in _imported(node):
            if name.split(".")[0] in IMPURE_MODULES:
                yield node.lineno, f"what is compiled may not import {name}: that belongs inside a component's function"
        if isinstance(node, ast.keyword) and node.arg in EMBEDDED:
            yield node.value.lineno, f"what is compiled may not embed files ({node.arg}): put them into the image"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            yield node.lineno, f"what is compiled may not call {node.func.id}(): that belongs in a component's function"


def _walk(node: ast.AST, functions: bool) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if functions or not isinstance(node, ast.FunctionDef) or child not in node.body:
            yield from _walk(child, functions)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
