"""Kubernetes' library of semantic versions.

Source: pkg/cel/library/semverlib.go of https://github.com/kubernetes/apiserver (v0.36), and
https://github.com/blang/semver (v4), whose errors are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from generators.cel.errors import EvaluationError
from generators.cel.go_text import quoted
from generators.cel.library import Function, Library, member, plain
from generators.cel.values import MAX_INT, MAX_UINT, Opaque

_NUMBERS, _ALPHANUMERIC = re.compile(r"[0-9]*", re.ASCII), re.compile(r"[0-9A-Za-z-]*", re.ASCII)


@dataclass(frozen=True, eq=False)
class Semver(Opaque):
    """A version; `prerelease` holds numbers and texts."""

    type_name: ClassVar[str] = "kubernetes.Semver"

    numbers: tuple[int, int, int]
    prerelease: tuple[int | str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Semver) and _compare(self, other) == 0

    def __hash__(self) -> int:
        return hash(self.numbers)


def _parsed(text: str, normalize: bool = False) -> Semver:
    text = _normalized(text) if normalize else text
    if not text:
        raise EvaluationError("Version string empty")
    parts = text.split(".", 2)
    if len(parts) != 3:
        raise EvaluationError("No Major.Minor.Patch elements found")
    major, minor = _number("major", parts[0]), _number("minor", parts[1])
    rest, plus, build = parts[2].partition("+")
    patch, dash, prerelease = rest.partition("-")
    version = Semver(
        (major, minor, _number("patch", patch)),
        tuple(map(_prerelease, prerelease.split("."))) if dash else (),
    )
    for part in build.split(".") if plus else ():
        if not part:
            raise EvaluationError("Build meta data is empty")
        if not _ALPHANUMERIC.fullmatch(part):
            raise EvaluationError(f"Invalid character(s) found in build meta data {quoted(part)}")
    return version


def _number(name: str, text: str) -> int:
    if not _NUMBERS.fullmatch(text):
        raise EvaluationError(f"Invalid character(s) found in {name} number {quoted(text)}")
    if len(text) > 1 and text[0] == "0":
        raise EvaluationError(f"{name.capitalize()} number must not contain leading zeroes {quoted(text)}")
    return _unsigned(text)


def _unsigned(text: str) -> int:
    if not text:
        raise EvaluationError('strconv.ParseUint: parsing "": invalid syntax')
    if int(text) > MAX_UINT:
        raise EvaluationError(f"strconv.ParseUint: parsing {quoted(text)}: value out of range")
    return int(text)


def _prerelease(text: str) -> int | str:
    if not text:
        raise EvaluationError("Prerelease is empty")
    if _NUMBERS.fullmatch(text):
        if len(text) > 1 and text[0] == "0":
            raise EvaluationError(f"Numeric PreRelease version must not contain leading zeroes {quoted(text)}")
        return _unsigned(text)
    if not _ALPHANUMERIC.fullmatch(text):
        raise EvaluationError(f"Invalid character(s) found in prerelease {quoted(text)}")
    return text


def _normalized(text: str) -> str:
    parts = text.removeprefix("v").split(".", 2)
    for place, part in enumerate(parts):
        if len(part) > 1:
            stripped = part.lstrip("0")
            parts[place] = stripped if stripped[:1] and stripped[0] in "0123456789" else "0" + stripped
    if len(parts) < 3 and any(mark in parts[-1] for mark in "+-"):
        raise EvaluationError("short version cannot contain PreRelease/Build meta data")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


def _is_semver(text: str, normalize: bool = False) -> bool:
    try:
        return bool(_parsed(text, normalize))
    except EvaluationError:
        return False


def _compare(left: Semver, right: Semver) -> int:
    first, second = _key(left), _key(right)
    return (first > second) - (first < second)


def _key(version: Semver) -> tuple[object, ...]:
    """What versions are ordered by: numbers before texts, and a prerelease before its release."""
    parts = tuple((isinstance(part, str), part) for part in version.prerelease)
    return version.numbers, not parts, parts


def _int(value: int) -> int:
    return value if value <= MAX_INT else value - 2**64


_S = "kubernetes.Semver"
LIBRARY = Library(
    33,
    (
        Function(
            "semver",
            (
                plain("string_to_semver", "string", _S, _parsed),
                plain("string_bool_to_semver", "string bool", _S, _parsed),
            ),
        ),
        Function(
            "isSemver",
            (
                plain("is_semver_string", "string", "bool", _is_semver),
                plain("is_semver_string_bool", "string bool", "bool", _is_semver),
            ),
        ),
        Function(
            "isGreaterThan", (member("semver_is_greater_than", f"{_S} {_S}", "bool", lambda a, b: _compare(a, b) > 0),)
        ),
        Function("isLessThan", (member("semver_is_less_than", f"{_S} {_S}", "bool", lambda a, b: _compare(a, b) < 0),)),
        Function("compareTo", (member("semver_compare_to", f"{_S} {_S}", "int", _compare),)),
        Function("major", (member("semver_major", _S, "int", lambda version: _int(version.numbers[0])),)),
        Function("minor", (member("semver_minor", _S, "int", lambda version: _int(version.numbers[1])),)),
        Function("patch", (member("semver_patch", _S, "int", lambda version: _int(version.numbers[2])),)),
    ),
)
