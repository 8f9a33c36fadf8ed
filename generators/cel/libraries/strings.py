"""cel-go's extended strings, at the version that Kubernetes has.

Source: ext/strings.go of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

from typing import Any

from generators.cel.errors import EvaluationError
from generators.cel.go_text import shown
from generators.cel.libraries.formatting import formatted
from generators.cel.library import Function, Library, member, plain

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_QUOTED = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def _out_of_range(index: int) -> EvaluationError:
    return EvaluationError(f"index out of range: {index}")


def _char_at(text: str, index: int) -> str:
    if not 0 <= index <= len(text):
        raise _out_of_range(index)
    return text[index : index + 1]


def _index_of(text: str, part: str, offset: int = 0) -> int:
    if not part:
        return offset
    if offset < 0:
        raise _out_of_range(offset)
    return text.find(part, offset)


def _last_index_of(text: str, part: str, offset: int | None = None) -> int:
    if not part:
        return len(text) if offset is None else offset
    if offset is None:
        if len(text.encode()) < len(part.encode()):
            return -1
        offset = len(text) - 1
    if offset < 0:
        raise _out_of_range(offset)
    return -1 if offset >= len(text) else text.rfind(part, 0, offset + len(part))


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    return text.replace(old, new, count)


def _split(text: str, separator: str, count: int = -1) -> list[str]:
    if count == 0:
        return []
    if not separator:
        if count < 0 or count >= len(text):
            return list(text)
        return [*text[: count - 1], text[count - 1 :]]
    return text.split(separator, count - 1 if count > 0 else -1)


def _substring(text: str, start: int, end: int | None = None) -> str:
    if end is not None and start > end:
        raise EvaluationError(f"invalid substring range. start: {start}, end: {end}")
    if not 0 <= start <= len(text):
        raise _out_of_range(start)
    if end is not None and not 0 <= end <= len(text):
        raise _out_of_range(end)
    return text[start:end]


def _join(items: list[Any], separator: str = "") -> str:
    for item in items:
        if type(item) is not str:
            raise EvaluationError(f"join: invalid input: {shown(item)}")
    return separator.join(items)


def _quote(text: str) -> str:
    return '"' + "".join(_QUOTED.get(character, character) for character in text) + '"'


_FIRST = (
    Function("charAt", (member("string_char_at_int", "string int", "string", _char_at),)),
    Function(
        "indexOf",
        (
            member("string_index_of_string", "string string", "int", _index_of),
            member("string_index_of_string_int", "string string int", "int", _index_of),
        ),
    ),
    Function(
        "lastIndexOf",
        (
            member("string_last_index_of_string", "string string", "int", _last_index_of),
            member("string_last_index_of_string_int", "string string int", "int", _last_index_of),
        ),
    ),
    Function("lowerAscii", (member("string_lower_ascii", "string", "string", lambda text: text.translate(_LOWER)),)),
    Function(
        "replace",
        (
            member("string_replace_string_string", "string string string", "string", _replace),
            member("string_replace_string_string_int", "string string string int", "string", _replace),
        ),
    ),
    Function(
        "split",
        (
            member("string_split_string", "string string", "list<string>", _split),
            member("string_split_string_int", "string string int", "list<string>", _split),
        ),
    ),
    Function(
        "substring",
        (
            member("string_substring_int", "string int", "string", _substring),
            member("string_substring_int_int", "string int int", "string", _substring),
        ),
    ),
    Function("trim", (member("string_trim", "string", "string", lambda text: text.strip(_SPACE)),)),
    Function("upperAscii", (member("string_upper_ascii", "string", "string", lambda text: text.translate(_UPPER)),)),
    Function(
        "join",
        (
            member("list_join", "list<string>", "string", _join),
            member("list_join_string", "list<string> string", "string", _join),
        ),
    ),
)
_SECOND = (
    Function("format", (member("string_format", "string list<dyn>", "string", formatted),)),
    Function("strings.quote", (plain("strings_quote", "string", "string", _quote),)),
)

LIBRARIES = (Library(0, _FIRST), Library(29, _SECOND))
