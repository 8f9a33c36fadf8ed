"""Text in Argo's expression language (expr-lang), and how values travel through it.

Everything in Argo is a string, and Argo substitutes `{{...}}` in it more than once. So a value travels as JSON without
`{{` and without `$`, which JSON has only inside strings: a value can never become a tag. The empty text, which is not
JSON, stands for a value that is not there.

https://argo-workflows.readthedocs.io/en/latest/variables/
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any

from generators.ir.values import WORDS, integers, text_of

ABSENT = "''"
_HIDDEN = {"{": "\\u007b", "}": "\\u007d", "$": "\\u0024", "\x7f": "\\u007f"}
_ESCAPES = str.maketrans(_HIDDEN)
# A character beyond U+FFFF, written as JSON does: the language knows no pairs, and would read two others.
_PAIR = re.compile(r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}")
_WORDS = {None: "null", True: "true", False: "false"}


def encoded(value: Any, kind: str = "") -> str:
    """`value` as the JSON that travels: compact, ASCII, its strings without braces and dollars."""
    if isinstance(value, float) or kind == "NUMBER_DOUBLE":
        return text_of(float(value))
    return _json(value)


@lru_cache(2048)
def literal(text: str) -> str:
    """`text` as an expression: a string that holds no brace, since `}}` would end the tag around it."""
    quoted = _string(text)[1:-1].replace('\\"', '"').replace("'", "\\'")
    whole = _PAIR.sub(lambda match: json.loads(f'"{match[0]}"'), quoted) if "\\ud" in quoted else quoted
    return f"'{whole}'"


def tag(expression: str) -> str:
    """What Argo replaces by the value of `expression`."""
    return f"{{{{={expression}}}}}"


def member(path: str, name: str) -> str:
    """The entry `name` of the mapping at `path`."""
    return f"{path}['{name}']"


def of(value: str, expression: str) -> str:
    """An `expression` in which `#` is the value of another, so that it stands there once.

    A variable (`let`) would do the same, but Argo takes its name for an input that is not known yet, and then passes
    over whatever fails in the expression.
    """
    return f"first(map([{value}], {expression}))"


def from_text(expression: str) -> str:
    """The JSON that travels for a string that an expression gives."""
    return hidden(f"toJSON({expression})")


def from_any(expression: str) -> str:
    """The JSON that travels for a list, a mapping or any other value that an expression gives."""
    return hidden(f"toJson({expression})")


def hidden(expression: str) -> str:
    """JSON that an expression gives, so that nothing reads it on its way.

    `{{` and `$` stand in JSON only inside its strings. The dollar is hidden for kubelet, which replaces `$$` and
    `$(NAME)` in every variable: Argo hands its executor the whole template in one.
    """
    braces = f"replace({expression}, '{{' + '{{', '{{' + {literal(_HIDDEN['{'])})"
    return f"replace({braces}, {literal('$')}, {literal(_HIDDEN['$'])})"


def from_raw(expression: str, kind: str, name: str) -> str:
    """The JSON that travels for the text that a container, or a person, wrote for `name` of type `kind`.

    A text that is of another type fails the task or the run, with a message that says so.
    """
    if kind in ("STRING", ""):
        return from_text(expression)
    text = f"lower(trim({expression}))" if kind == "BOOLEAN" else f"trim({expression})"
    if kind == "NUMBER_INTEGER":  # beyond 2^53 a number that is read and written again would be another one
        whole = f"# matches {literal('^-?(0|[1-9][0-9]*)$')}"
        return of(text, f"{whole} ? # : {_checked('#', kind, name)}")
    return _checked(text, kind, name)


def as_text(expression: str) -> str:
    """The text that a value is for KFP: a string as it is, the rest as JSON."""
    return f"(type({expression}) == 'string' ? {expression} : toJson({expression}))"


def failing(message: str) -> str:
    """An expression that fails with the message in its error; only a DAG's arguments and outputs take it as one."""
    return f"string(int({literal(message)}))"


def _checked(text: str, kind: str, name: str) -> str:
    is_number = "type(#) in ['int', 'float']"
    fits = {
        "BOOLEAN": "type(#) == 'bool'",
        "LIST": "type(#) == 'array'",
        "STRUCT": "type(#) == 'map'",
        "NUMBER_INTEGER": f"{is_number} and # == floor(#)",
        "NUMBER_DOUBLE": is_number,
    }.get(kind, "true")
    ready = from_any("#") if kind in ("LIST", "STRUCT") else "toJson(#)"
    return of(f"fromJSON({text})", f"{fits} ? {ready} : {failing(f'{name} is not {WORDS.get(kind, kind)}')}")


def joined(parts: list[str]) -> str:
    """The texts that the expressions give, one after the other."""
    return " + ".join(parts) if parts else ABSENT


def _json(value: Any) -> str:
    """A value as the JSON that travels: one pass, since this is most of what a compilation does."""
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, dict):
        return f"{{{','.join([f'{_string(key)}:{_json(item)}' for key, item in value.items()])}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_json, value))}]"
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return str(value) if isinstance(value, int) else json.dumps(integers(value))


def _string(text: str) -> str:
    quoted = encode_basestring_ascii(text)
    hides = "{" in quoted or "$" in quoted or "}" in quoted or "\x7f" in quoted
    return quoted.translate(_ESCAPES) if hides else quoted
