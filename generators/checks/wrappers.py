"""Whether a component's functions would run in a pod: KFP takes the text of each alone, without the module around it.

https://www.kubeflow.org/docs/components/pipelines/user-guides/components/lightweight-python-components/
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository
from generators.ir.imports import bound
from generators.ir.user_code import COMPONENTS
from generators.model import Finding, Place
from generators.python_text import NO_PYTHON
from generators.python_text import tree as tree_of
from generators.suggestions import did_you_mean

_KIND = "component-wrappers"
_WRAPPERS = "component.py"
_FOUND_BY_KFP = ("kfp", "typing")  # what the executor's module imports all of, beside the function


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of the functions of every `component.py`."""
    repository, cache = fleet.repository, fleet.cache
    for file in repository.files(f"{COMPONENTS}/*/{_WRAPPERS}"):
        folders = _packages(file)
        read = [file, *(each for folder in folders for each in repository.files(f"{folder}/**/*.py"))]
        key = cache.key(*(part for each in read for part in (each, repository.sha256(each))))
        if cache.get(_KIND, key):
            continue
        text = repository.content(file).decode("utf-8", "replace")
        found = list(problems(file, text, _modules(repository, folders)))
        yield from found
        if not found:
            cache.put(_KIND, key, True)


def problems(file: str, text: str, modules: Mapping[str, ast.Module]) -> Iterator[Finding]:
    """What is wrong with each function; `modules` are those of the packages in its image, by dotted name."""
    try:
        tree, table = tree_of(text), symtable.symtable(text, file, "exec")
    except NO_PYTHON:
        return  # which the check of the sources says
    given = _given(tree)
    tables = {child.get_name(): child for child in table.get_children()}
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef) and _runs_alone(node)):
        yield from _free_names(file, function, tables[function.name], given)
        yield from _calls(file, function, modules)


def _runs_alone(function: ast.FunctionDef) -> bool:
    """Whether it is the code of a step; that of a container component is run when the pipeline is compiled."""
    return any(ast.unparse(each).startswith(("dsl.component", "component(")) for each in function.decorator_list)


def _given(tree: ast.Module) -> set[str]:
    """The names that a function has in a pod without saying so."""
    found = set(dir(builtins)) | {"kfp", "dsl"}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _FOUND_BY_KFP:
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def _free_names(
    file: str, function: ast.FunctionDef, table: symtable.SymbolTable, given: set[str]
) -> Iterator[Finding]:
    """Names that the function takes from outside of itself, each at its first use."""
    free = {name for scope in _scopes(table) for name in _global_names(scope)} - given
    seen: set[str] = set()
    for node in (node for statement in function.body for node in ast.walk(statement)):
        if isinstance(node, ast.Name) and node.id in free - seen:
            seen.add(node.id)
            message = f"{node.id} is not defined inside the function {function.name}, whose text alone runs in a pod"
            fix = "import it or define it in the function, or take it as an input"
            yield _finding("free-name", file, node, message, node.id, fix)


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _global_names(scope: symtable.SymbolTable) -> Iterator[str]:
    yield from (symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global() and symbol.is_referenced())


def _calls(file: str, function: ast.FunctionDef, modules: Mapping[str, ast.Module]) -> Iterator[Finding]:
    """Calls of functions of the component's own modules that are not there, or do not take these arguments."""
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        target = call.func
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in imported:
            module = modules.get(imported[target.value.id])
            if module is not None:
                yield from _call(file, call, target, imported[target.value.id], _Names.of(module))


@dataclass(frozen=True)
class _Names:
    """What a module binds, and the functions at its top with their arguments."""

    functions: Mapping[str, ast.arguments]
    all: frozenset[str]

    @classmethod
    def of(cls, module: ast.Module) -> _Names:
        functions = {
            node.name: node.args
            for node in module.body
            if isinstance(node, ast.FunctionDef) and not node.decorator_list
        }
        return cls(functions, bound(module))


def _call(file: str, call: ast.Call, target: ast.Attribute, module: str, names: _Names) -> Iterator[Finding]:
    if target.attr not in names.all:
        known = sorted(names.functions)
        message = f"there is no {target.attr} in {module}"
        fix = did_you_mean(target.attr, known)
        yield _finding("missing-name", file, call, message, target.attr, fix, ", ".join(known))
    elif (arguments := names.functions.get(target.attr)) and (wrong := _mismatch(call, arguments)):
        message = f"{module}.{target.attr} {wrong}"
        yield _finding("call", file, call, message, ast.unparse(call), "give what its definition takes")


def _mismatch(call: ast.Call, arguments: ast.arguments) -> str:
    """How a call does not fit, "" where it does or that cannot be told."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(word.arg is None for word in call.keywords):
        return ""
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    words = {word.arg for word in call.keywords if word.arg}
    if len(call.args) > len(positional) and not arguments.vararg:
        return f"takes {len(positional)} arguments by position, and is given {len(call.args)}"
    unknown = words - {*positional, *(each.arg for each in arguments.kwonlyargs)}
    if unknown and not arguments.kwarg:
        return f"takes no argument {', '.join(sorted(unknown))}"
    needed = positional[: len(positional) - len(arguments.defaults)]
    needed += [
        each.arg for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if not default
    ]
    missing = [name for name in needed if name not in {*positional[: len(call.args)], *words}]
    return f"is not given {', '.join(missing)}" if missing else ""


def _packages(wrappers: str) -> tuple[str, str]:
    """The folders of the packages that the image of a component holds."""
    return f"{PurePosixPath(wrappers).parent}/src", f"{COMPONENTS}/shared/src"


def _modules(repository: Repository, folders: Iterable[str]) -> dict[str, ast.Module]:
    """The modules in some folders, by dotted name."""
    found = {}
    for folder in folders:
        for file in repository.files(f"{folder}/**/*.py"):
            try:
                tree = tree_of(repository.content(file))
            except NO_PYTHON:
                continue
            parts = PurePosixPath(file.removeprefix(f"{folder}/").removesuffix(".py")).parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = tree
    return found


def _finding(rule: str, file: str, node: ast.expr, message: str, found: str, fix: str, allowed: str = "") -> Finding:
    place = Place(file, node.lineno, node.col_offset + 1)
    return Finding("invalid", "source", rule, place, "", message, found, allowed, fix)
