"""Write YAML that PyYAML, YAML 1.2 readers and Kubernetes all read as the same values, fast.

The layout is Kubernetes' usual one: two spaces, lists not indented below their key, text of several lines as literal
blocks. Mappings keep their order. Each depth remembers how it wrote the keys and strings it has seen, because in
manifests nearly all of them come again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from generators.errors import GraftError
from generators.output import scalars
from generators.output.scalars import Unwritable

DEEPEST = 100
SCREENFUL = 20
_REMEMBERED = 1 << 20  # characters a depth
_WORTH_REMEMBERING = 1 << 15


def to_yaml(documents: Iterable[dict], header: Sequence[str] = ()) -> str:
    """Return `documents` as one YAML stream, its first lines the `header` as comments.

    Takes dict, list, str, int, float, bool and None. Raises GraftError naming the path of every value that some reader
    would give back changed: a key that is not a string, a float that is not finite, an integer beyond 64 bits, a lone
    surrogate, a key of more than 1000 characters, more than 100 levels.
    """
    documents = list(documents)
    try:
        comments = [f"# {scalars.escaped(line)}".rstrip() + "\n" for line in header]
        return "".join(comments) + "---\n".join(map(_document, documents))
    except Unwritable as problem:
        raise _refusal(documents, problem) from None


class OneLine(dict[str, Any]):
    """A mapping of strings, numbers and such mappings that is written on one line, as many alike are read best."""


class _Remembering(dict[str, str]):
    """Texts as they were written before, up to a limit."""

    def __init__(self, write: Callable[[str], str]) -> None:
        super().__init__()
        self.write, self.room = write, _REMEMBERED

    def __missing__(self, text: str) -> str:
        written = self.write(text)
        if len(text) <= _WORTH_REMEMBERING:
            self.room -= len(text)
            if self.room < 0:
                self.clear()
                self.room = _REMEMBERED - len(text)
            self[text] = written
        return written


class _Level:
    """How keys, items and strings are written at one depth, each with the line break and indentation before it."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.newline = newline = "\n" + "  " * depth
        self.item = newline + "-"
        self.keys = _Remembering(lambda text: f"{newline}{scalars.key(text)}:")
        self.strings = _Remembering(lambda text: " " + scalars.string(text, newline + "  "))

    @cached_property
    def deeper(self) -> _Level:
        if self.depth == DEEPEST:
            raise Unwritable(f"more than {DEEPEST} levels; flatten it")
        return _Level(self.depth + 1)


_TOP = _Level(0)


def _document(document: dict) -> str:
    if type(document) is not dict:
        raise Unwritable(f"a document must be a dict, not a {type(document).__name__}")
    if not document:
        return "{}\n"
    pieces: list[str] = []
    _mapping(document, _TOP, pieces)
    return "".join(pieces)[1:] + "\n"


def _mapping(tree: dict, level: _Level, pieces: list[str]) -> None:
    keys, strings, put = level.keys, level.strings, pieces.append
    for key, value in tree.items():
        kind = type(value)
        if kind is str:
            put(keys[key] + strings[value])
        elif kind is dict and value:
            put(keys[key])
            _mapping(value, level.deeper, pieces)
        elif kind is list and value:
            put(keys[key])
            _sequence(value, level, pieces)
        else:
            put(f"{keys[key]} {_on_one_line(value)}")


def _sequence(items: list, level: _Level, pieces: list[str]) -> None:
    item, strings, put = level.item, level.strings, pieces.append
    for value in items:
        kind = type(value)
        if kind is str:
            put(item + strings[value])
        elif (kind is dict or kind is list) and value:
            first, below = len(pieces), level.deeper
            (_mapping if kind is dict else _sequence)(value, below, pieces)
            # The first line of what stands in the item goes onto the item's own line.
            pieces[first] = f"{item} {pieces[first][len(below.newline) :]}"
        else:
            put(f"{item} {_on_one_line(value)}")


def _on_one_line(value: object) -> str:
    if type(value) is not OneLine:
        return scalars.atom(value)
    entries = (
        f"{scalars.inside_flow(key)}: {scalars.inside_flow(item) if type(item) is str else _on_one_line(item)}"
        for key, item in value.items()
    )
    return f"{{{', '.join(entries)}}}"


def _refusal(documents: list[dict], first: Unwritable) -> GraftError:
    """Name every value that cannot be written, up to a screenful; a tree that holds itself has no end of them."""
    found = (line for n, document in enumerate(documents, 1) for line in _problems(document, f"document {n}: $", 0))
    return GraftError("\n".join(["cannot be written as YAML:", *(list(islice(found, SCREENFUL)) or [str(first)])]))


def _problems(value: Any, path: str, depth: int) -> Iterator[str]:
    """Yield a line for every value in the tree that cannot be written."""
    if depth > DEEPEST:
        yield f"{path}: more than {DEEPEST} levels; flatten it"
    elif type(value) in (dict, OneLine):
        for key, child in value.items():
            yield from _problem(scalars.key, key, path)
            step = f".{key}" if isinstance(key, str) and key.isidentifier() else f"[{key!r}]"
            yield from _problems(child, path + step, depth + 1)
    elif type(value) is list:
        for index, child in enumerate(value):
            yield from _problems(child, f"{path}[{index}]", depth + 1)
    else:
        yield from _problem(scalars.string if type(value) is str else scalars.atom, value, path)


def _problem(write: Callable[[Any], str], value: object, path: str) -> Iterator[str]:
    try:
        write(value)
    except Unwritable as problem:
        yield f"{path}: {problem}"
