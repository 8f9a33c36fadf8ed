"""A pipeline's module is a pure description: what it compiles to may depend on nothing but its own text.

A definition is named by its content and cached by its sources, so a file, a variable or the time of day that slips in
would give two machines two pipelines. This is judged on the text, by a process that does not run it: on the bytes, as
Python reads them, so that nothing that runs is a comment to whoever judges it.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping

from generators.ir.imports import imported
from generators.ir.kfp_names import KfpNames

Problem = tuple[int, str]

# What of Python's own modules depends on nothing outside: no file, no clock, no machine, and no way to run other code.
PURE_MODULES = {
    "__future__", "abc", "array", "base64", "binascii", "bisect", "calendar", "cmath", "collections", "colorsys",
    "contextlib", "copy", "csv", "dataclasses", "decimal", "difflib", "enum", "fractions", "functools", "graphlib",
    "hashlib", "heapq", "hmac", "html", "inspect", "itertools", "json", "keyword", "logging", "math", "numbers",
    "operator", "pprint", "re", "statistics", "string", "struct", "textwrap", "types", "typing", "unicodedata",
    "warnings", "weakref", "zlib",
}  # fmt: skip
# What kfp would read from the disk into the pipeline, where neither its definition nor a reviewer sees it.
EMBEDDED = {"embedded_artifact_path", "notebook_path"}
IMPURE_CALLS = {"open", "input", "eval", "exec", "compile", "globals", "locals", "__import__"}
IMPURE_ATTRIBUTES = {
    "environ", "environb", "getenv", "__builtins__", "__import__", "__subclasses__", "__globals__", "f_globals",
    "f_builtins", "f_back", "tb_frame", "gi_frame", "__loader__", "__spec__", "python_func", "execute",
}  # fmt: skip
_BORROWED = {"builtins", "ctypes", "importlib", "os", "posix", "socket", "subprocess", "sys"}  # out of any module
_ASKING = {"getattr", "vars"}  # for an attribute by a name that the text need not say
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # has an editor show a line in another order than it runs in
_PACKAGE = re.compile(r"components/[^/]+/src/")  # what an image holds, which is read where it is embedded
_LARGEST = 1 << 20  # bytes of a file: Python needs some hundred times as much to read it


def of_files(files: Mapping[str, bytes]) -> Iterator[tuple[str, int, str]]:
    """(file, line, problem) of the files that were read for a pipeline, by name; one that is no Python has none.

    A component's package is judged where a module that is compiled imports it, and not where it is embedded.
    """
    waiting = [file for file in files if not _PACKAGE.match(file)]
    judged: set[str] = set()
    while waiting:
        file = waiting.pop(0)
        if file in judged:
            continue
        judged.add(file)
        if len(files[file]) > _LARGEST:
            yield file, 1, f"is larger than {_LARGEST >> 20} MiB, too much to be judged: leave data out of it"
            continue
        yield from ((file, line, words) for line, words in _of_text(files[file]))
        try:
            tree = ast.parse(files[file])
        except (SyntaxError, ValueError):
            continue  # nor has anything of it run
        except (RecursionError, MemoryError):
            yield file, 1, "is nested too deep to be judged: make its expressions shorter"
            continue
        yield from ((file, line, words) for line, words in dict.fromkeys(sorted(_problems(tree))))
        waiting += _imported_packages(tree, _module(file), files)


def _of_text(data: bytes) -> Iterator[Problem]:
    """What makes a text show a person something else than runs."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:
        return  # Python refuses it too
    if not encoding.startswith("utf-8"):
        yield 1, f"is written in {encoding}, in which it may run what its text does not show: write it in UTF-8"
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        if found := _TURNING.search(line):
            yield number, f"holds U+{ord(found[0]):04X}, which shows it in another order than it runs in: remove it"


def _problems(tree: ast.Module) -> Iterator[Problem]:
    names = KfpNames.of(tree)
    remade = names.remade(tree)
    for node in _compiled(tree, names):
        for name in _imported(node):
            if name.split(".")[0] in sys.stdlib_module_names - PURE_MODULES:
                yield node.lineno, f"what is compiled may not import {name}: that belongs inside a component's function"
        if isinstance(node, ast.Attribute) and node not in remade and (asked := _asked_of_a_module(node, names)):
            yield node.lineno, f"what is compiled may not ask for {asked}: that belongs in a component's function"
        if isinstance(node, ast.keyword) and node.arg in EMBEDDED:
            yield node.value.lineno, f"what is compiled may not embed files ({node.arg}): put them into the image"
        if isinstance(node, ast.Name) and node.id in IMPURE_CALLS and isinstance(node.ctx, ast.Load):
            yield node.lineno, f"what is compiled may not call {node.id}(): that belongs in a component's function"
        if isinstance(node, ast.Call) and (said := _made_up(node, names)):
            yield node.lineno, f"what is compiled may not take {said}: name the attribute itself"


def _compiled(tree: ast.Module, names: KfpNames) -> Iterator[ast.AST]:
    """Every node of what runs when a module is compiled: bodies of components' functions run in their images."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        left_out = node.body if names.makes_component(node) else ()
        waiting += [child for child in ast.iter_child_nodes(node) if child not in left_out]


def _imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports, also one that it takes out of another that has imported it."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    borrowed = [alias.name for alias in node.names if alias.name in _BORROWED]
    return borrowed or ([node.module] if node.module and not node.level else [])


def _asked_of_a_module(node: ast.Attribute, names: KfpNames) -> str:
    """What an attribute asks for that lies outside, "" where it does not; `inspect.os` is as good as `os`."""
    if node.attr in IMPURE_ATTRIBUTES:
        return node.attr
    origin = names.origin(node.value)
    if origin.split(".")[0] in sys.stdlib_module_names - PURE_MODULES:
        return ""  # which is said of its import
    if node.attr in _BORROWED or (origin and node.attr in sys.stdlib_module_names - PURE_MODULES):
        return node.attr
    name = node.value.id if isinstance(node.value, ast.Name) else ""
    return f"{name}.{node.attr}" if name in _BORROWED and not origin else ""


def _made_up(node: ast.Call, names: KfpNames) -> str:
    """What `getattr` or `vars` takes out of a module by a name that is not in the text, or may not be asked for."""
    if not (isinstance(node.func, ast.Name) and node.func.id in _ASKING and node.args):
        return ""
    asked = node.args[1] if len(node.args) > 1 else None
    said = asked.value if isinstance(asked, ast.Constant) else None
    plain = isinstance(said, str) and said not in IMPURE_ATTRIBUTES | (sys.stdlib_module_names - PURE_MODULES)
    return "" if plain or not names.origin(node.args[0]) else f"what {node.func.id}() finds in a module"


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _imported_packages(tree: ast.AST, module: str, files: Mapping[str, bytes]) -> list[str]:
    """The files of components' packages that a module imports."""
    names = {name for node in ast.walk(tree) for name in imported(node, module)}
    return [
        file
        for file in files
        if _PACKAGE.match(file) and any(f"{name}.".startswith(f"{_module(file)}.") for name in names)
    ]
