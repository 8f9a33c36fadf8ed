"""Credentials that a URL carries: a password before its host, or a token among its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from generators.credentials.names import names_credential
from generators.credentials.values import can_be_password, is_random

_USER = re.compile(r"([^\s\"'<>/?#@,;|`]{1,256})@")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}")
_REST = re.compile(r"[^\s\"'<>`]{0,2048}")
_PARAMETER = re.compile(r"[?&;]([A-Za-z0-9_.%-]{1,64})=([^\s&;\"'<>#`]{1,1024})")
_SIGNED = {
    "sig",
    "signature",
    "x-amz-signature",
    "x-goog-signature",
    "x-amz-security-token",
    "auth",
    "sslpassword",
    "key",
}


def carried(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(rule, what it is, start, end) of every credential in a URL of a text; each end is no further than 2,304 on."""
    at = text.find("://")
    while at >= 0:
        begins = at + len("://")
        if user := _USER.match(text, begins):
            yield from _in_user(user)
        following = text.find("://", begins)  # a URL in this one's parameters has its own turn
        rest = _REST.match(text, begins, following if following >= 0 else len(text))
        for parameter in _PARAMETER.finditer(text, begins, rest.end() if rest else begins):
            if _is_secret(unquote(parameter[1]), unquote(parameter[2])):
                yield "url", f"a credential in the URL's parameter {parameter[1]}", parameter.start(2), parameter.end(2)
        at = following


def _in_user(user: re.Match[str]) -> Iterator[tuple[str, str, int, int]]:
    """The password after the colon, which may be written `%3A`; a user alone where it looks like a token."""
    separator = re.search(r":|%3[Aa]", user[1])
    if separator:
        password = unquote(user[1][separator.end() :])
        if can_be_password(password):
            yield "url", "a password in a URL", user.start(1) + separator.end(), user.end(1)
    elif _TOKEN.fullmatch(user[1]) and is_random(user[1]):
        yield "url", "a token in a URL", user.start(1), user.end(1)


def _is_secret(name: str, value: str) -> bool:
    signed = name.lower() in _SIGNED
    return (signed and len(value) >= 8 and is_random(value)) or (names_credential(name) and can_be_password(value))
