"""Kubernetes' library of regular expressions, by RE2, whose language Go's are.

Source: pkg/cel/library/regex.go of https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import Any

from generators.cel.errors import EvaluationError
from generators.cel.library import Function, Library, member

# What RE2 says of a wrong expression, and what Go's regexp/syntax says of the same.
_MESSAGES = {
    "missing )": "missing closing )",
    "unexpected )": "unexpected )",
    "missing ]": "missing closing ]",
    "no argument for repetition operator": "missing argument to repetition operator",
    "bad repetition operator": "invalid nested repetition operator",
    "invalid escape sequence": "invalid escape sequence",
    "invalid character class range": "invalid character class range",
    "invalid repetition size": "invalid repeat count",
    "invalid named capture group": "invalid named capture",
    "invalid perl operator": "invalid or unsupported Perl syntax",
}


class NotARegex(EvaluationError):
    """A text that is no regular expression; the message is Go's."""


@lru_cache(4096)
def compiled(pattern: str) -> Any:
    """The expression, to search in texts."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as wrong:
        said = wrong.args[0]
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if text.startswith("trailing \\"):
        raise NotARegex("error parsing regexp: trailing backslash at end of expression: ``")
    problem, _, part = text.partition(": ")
    raise NotARegex(f"error parsing regexp: {_MESSAGES.get(problem, problem)}: `{part}`")


def _compiled(pattern: str) -> Any:
    try:
        return compiled(pattern)
    except NotARegex as wrong:
        raise EvaluationError(f"Illegal regex: {wrong.message}") from None


def _find(text: str, pattern: str) -> str:
    found = _compiled(pattern).search(text)
    return found.group() if found else ""


def _find_all(text: str, pattern: str, count: int = -1) -> list[str]:
    found = _matches(_compiled(pattern), text)
    return list(found if count < 0 else itertools.islice(found, count))


def _matches(expression: Any, text: str) -> Any:
    """As Go finds them: an empty match right behind another match is none."""
    last = -1
    for match in expression.finditer(text):
        if match.start() == match.end() == last:
            continue
        last = match.end()
        yield match.group()


LIBRARY = Library(
    0,
    (
        Function("find", (member("string_find_string", "string string", "string", _find),)),
        Function(
            "findAll",
            (
                member("string_find_all_string", "string string", "list<string>", _find_all),
                member("string_find_all_string_int", "string string int", "list<string>", _find_all),
            ),
        ),
    ),
)
