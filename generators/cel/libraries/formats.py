"""Kubernetes' library of named formats.

Source: pkg/cel/library/format.go of https://github.com/kubernetes/apiserver (v0.36); the formats themselves are
https://github.com/kubernetes/apimachinery's and, of strfmt, https://github.com/kubernetes/kube-openapi's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from generators.cel.libraries.urls import NotAUrl, parse_request
from generators.cel.library import Function, Library, member, plain
from generators.cel.times import timestamp_of
from generators.cel.values import NONE, Opaque, Optional

Check = Callable[[str], list[str]]

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LETTERS = "alphanumeric characters"
_ENDS = "and must start and end with an alphanumeric character"
_LABEL_SAYS = f"a lowercase RFC 1123 label must consist of lower case {_LETTERS} or '-', {_ENDS}"
_SUBDOMAIN_SAYS = f"a lowercase RFC 1123 subdomain must consist of lower case {_LETTERS}, '-' or '.', {_ENDS}"
_LABEL_1035_SAYS = (
    f"a DNS-1035 label must consist of lower case {_LETTERS} or '-', start with an alphabetic character, "
    "and end with an alphanumeric character"
)
_KEY_SAYS = f"must consist of {_LETTERS}, '-', '_' or '.', {_ENDS}"
_VALUE_SAYS = f"a valid label must be an empty string or consist of {_LETTERS}, '-', '_' or '.', {_ENDS}"


@dataclass(frozen=True)
class NamedFormat(Opaque):
    """A format by its name."""

    type_name: ClassVar[str] = "kubernetes.NamedFormat"

    name: str
    check: Check = field(compare=False)


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _pattern(says: str, pattern: str, *examples: str) -> str:
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{says} (e.g. {shown}regex used for validation is '{pattern}')"


def _length(text: str, most: int) -> list[str]:
    return [f"must be no more than {most} characters"] if len(text.encode()) > most else []


def _label(text: str) -> list[str]:
    problems = _length(text, 63)
    if not _matches(_LABEL, text):
        dots = _matches(_SUBDOMAIN, text)
        problems.append("must not contain dots" if dots else _pattern(_LABEL_SAYS, _LABEL, "my-name", "123-abc"))
    return problems


def _subdomain(text: str) -> list[str]:
    wrong = [] if _matches(_SUBDOMAIN, text) else [_pattern(_SUBDOMAIN_SAYS, _SUBDOMAIN, "example.com")]
    return _length(text, 253) + wrong


def _label_1035(text: str) -> list[str]:
    wrong = [] if _matches(_LABEL_1035, text) else [_pattern(_LABEL_1035_SAYS, _LABEL_1035, "my-name", "abc-123")]
    return _length(text, 63) + wrong


def _qualified_name(text: str) -> list[str]:
    says = _pattern(_KEY_SAYS, _KEY, "MyName", "my.name", "123-abc")
    parts = text.split("/")
    if len(parts) > 2:
        return [f"a valid label key {says} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    problems = []
    if len(parts) == 2:
        wrong = _subdomain(parts[0]) if parts[0] else ["must be non-empty"]
        problems += [f"prefix part {problem}" for problem in wrong]
    name = parts[-1]
    wrong = _length(name, 63) if name else ["must be non-empty"]
    if not _matches(_KEY, name):
        wrong.append(says)
    return problems + [f"name part {problem}" for problem in wrong]


def _label_value(text: str) -> list[str]:
    pattern = f"({_KEY})?"
    wrong = [] if _matches(pattern, text) else [_pattern(_VALUE_SAYS, pattern, "MyValue", "my_value", "12345")]
    return _length(text, 63) + wrong


def _prefix(check: Check) -> Check:
    return lambda text: check(text[:-1] + "a" if len(text) > 1 and text.endswith("-") else text)


def _uri(text: str) -> list[str]:
    try:
        parse_request(text)
    except NotAUrl as wrong:
        return [str(wrong)]
    return []


def _says(problem: str, holds: Callable[[str], bool]) -> Check:
    return lambda text: [] if holds(text) else [problem]


def _is_uuid(text: str) -> bool:
    return _matches("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", text)


def _is_base64(text: str) -> bool:
    return _matches("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})", text)


def _is_date(text: str) -> bool:
    if not _matches("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        timestamp_of(f"{max(text, '0001')}T00:00:00Z" if text[:4] != "0000" else f"0400{text[4:]}T00:00:00Z")
    except ValueError:
        return False
    return True


def _is_datetime(text: str) -> bool:
    parts = text.lower().split("t")
    if len(text.encode()) < 4 or len(parts) < 2 or not _is_date(parts[0]):
        return False
    match = re.fullmatch(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))", parts[1], re.ASCII)
    return bool(match) and match[1] <= "23" and match[2] <= "59" and match[3] <= "59"


_FORMATS = {
    "dns1123Label": NamedFormat("DNS1123Label", _label),
    "dns1123Subdomain": NamedFormat("DNS1123Subdomain", _subdomain),
    "dns1035Label": NamedFormat("DNS1035Label", _label_1035),
    "qualifiedName": NamedFormat("QualifiedName", _qualified_name),
    "dns1123LabelPrefix": NamedFormat("DNS1123LabelPrefix", _prefix(_label)),
    "dns1123SubdomainPrefix": NamedFormat("DNS1123SubdomainPrefix", _prefix(_subdomain)),
    "dns1035LabelPrefix": NamedFormat("DNS1035LabelPrefix", _prefix(_label_1035)),
    "labelValue": NamedFormat("LabelValue", _label_value),
    "uri": NamedFormat("URI", _uri),
    "uuid": NamedFormat("uuid", _says("does not match the UUID format", _is_uuid)),
    "byte": NamedFormat("byte", _says("invalid base64", _is_base64)),
    "date": NamedFormat("date", _says("invalid date", _is_date)),
    "datetime": NamedFormat("datetime", _says("invalid datetime", _is_datetime)),
}
_F = "kubernetes.NamedFormat"


def _named(name: str) -> Optional:
    return Optional(_FORMATS[name]) if name in _FORMATS else NONE


def _validate(named: NamedFormat, text: str) -> Optional:
    problems = named.check(text)
    return Optional(problems) if problems else NONE


def _constant(name: str) -> Function:
    return Function(f"format.{name}", (plain(f"format.{name}", "", _F, lambda: _FORMATS[name]),))


LIBRARY = Library(
    31,
    (
        Function("validate", (member("format-validate", f"{_F} string", "optional_type<list<string>>", _validate),)),
        Function("format.named", (plain("format-named", "string", f"optional_type<{_F}>", _named),)),
        *map(_constant, _FORMATS),
    ),
)
