"""Kubernetes' library of URLs.

Source: pkg/cel/library/urls.go of https://github.com/kubernetes/apiserver (v0.36), and Go's net/url, whose errors are
told.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote_to_bytes

from generators.cel.errors import EvaluationError
from generators.cel.go_text import quoted
from generators.cel.libraries.addresses import NotAnAddress, parse_address
from generators.cel.library import Function, Library, member, plain
from generators.cel.values import Opaque

_UNRESERVED = string.ascii_letters + string.digits + "-_.~"
_PATH = _UNRESERVED + "$&+,/:;=@"
_HOST = _UNRESERVED + "!$&'()*+,;=:[]<>\""
_ENCODED = _UNRESERVED + "!$&'()*+,;=:@[]%/"
_USER = _UNRESERVED + ":!$&'()*+,;=%@"
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)?(:?)")


class NotAUrl(ValueError):
    """A text that is no URL; the message is Go's."""


@dataclass(frozen=True)
class Url(Opaque):
    """A URL in its parts; `path` is the decoded one, `raw` as it was written."""

    type_name: ClassVar[str] = "kubernetes.URL"

    scheme: str = ""
    host: str = ""
    path: str = ""
    raw: str = ""
    query: str = ""
    opaque: str = ""
    user: str = ""
    fragment: str = ""


def parse_request(text: str) -> Url:
    """The URL of a request, which is absolute or a path; as url.ParseRequestURI."""
    try:
        return _parse(text, True)
    except NotAUrl as wrong:
        raise NotAUrl(f"parse {quoted(text)}: {wrong}") from None


def _url(text: str) -> Url:
    try:
        parse_request(text)
        head, _, fragment = text.partition("#")
        try:
            found = _parse(head, False)
        except NotAUrl as wrong:
            raise NotAUrl(f"parse {quoted(head)}: {wrong}") from None
        _unescape(fragment, "")
    except NotAUrl as wrong:
        raise EvaluationError(f"URL parse error during conversion from string: {wrong}") from None
    return Url(**{**vars(found), "fragment": fragment})


def _parse(text: str, via_request: bool) -> Url:
    if any(character < " " or character == "\x7f" for character in text):
        raise NotAUrl("net/url: invalid control character in URL")
    if not text and via_request:
        raise NotAUrl("empty url")
    if text == "*":
        return Url(path="*", raw="*")
    scheme, rest = _scheme(text)
    rest, _, query = (rest[:-1], "", "") if rest.endswith("?") and rest.count("?") == 1 else rest.partition("?")
    if not rest.startswith("/"):
        if scheme:
            return Url(scheme, opaque=rest, query=query)
        if via_request:
            raise NotAUrl("invalid URI for request")
        if ":" in rest.partition("/")[0]:
            raise NotAUrl("first path segment in URL cannot contain colon")
    user = host = ""
    if (scheme or (not via_request and not rest.startswith("///"))) and rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        user, host = _authority(scheme, authority)
    return Url(scheme, host, _unescape(rest, ""), rest, query, "", user)


def _scheme(text: str) -> tuple[str, str]:
    match = _SCHEME.match(text)
    if match and match[2]:
        if not match[1]:
            raise NotAUrl("missing protocol scheme")
        return match[1].lower(), text[match.end() :]
    return "", text


def _authority(scheme: str, authority: str) -> tuple[str, str]:
    user, at, host = authority.rpartition("@")
    parsed = _host(scheme, host)
    if at and any(character not in _USER for character in user):
        raise NotAUrl("net/url: invalid userinfo")
    for part in user.split(":", 1):
        _unescape(part, "")
    return user + at, parsed


def _host(scheme: str, host: str) -> str:
    bracket = host.rfind("[")
    if bracket > 0:
        raise NotAUrl("invalid IP-literal")
    if bracket == 0:
        return _literal(host)
    first, last = host.find(":"), host.rfind(":")
    if first != -1:
        port = host[first if scheme in ("http", "https") else last :]
        if not _optional_port(port):
            raise NotAUrl(f"invalid port {quoted(port)} after host")
    return _unescape(host, "host")


def _literal(host: str) -> str:
    close = host.rfind("]")
    if close < 0:
        raise NotAUrl("missing ']' in host")
    port = host[close + 1 :]
    if not _optional_port(port):
        raise NotAUrl(f"invalid port {quoted(port)} after host")
    name, zone = host[1:close], host[1:close].find("%25")
    plain_name = (
        _unescape(name[:zone], "host") + _unescape(name[zone:], "zone") if zone >= 0 else _unescape(name, "host")
    )
    try:
        address, _ = parse_address(plain_name)
    except NotAnAddress as wrong:
        raise NotAUrl(f"invalid host: {wrong}") from None
    if address.version == 4:
        raise NotAUrl("invalid IP-literal")
    return f"[{plain_name}]{port}"


def _optional_port(port: str) -> bool:
    return re.fullmatch(r"(:[0-9]*)?", port, re.ASCII) is not None


def _unescape(text: str, mode: str) -> str:
    place = 0
    data = text
    while place < len(data):
        character = data[place]
        if character == "%":
            code = data[place : place + 3]
            if not re.fullmatch(r"%[0-9a-fA-F]{2}", code, re.ASCII):
                raise NotAUrl(f"invalid URL escape {quoted(_bytes(data[place:], 3))}")
            if mode == "host" and int(code[1], 16) < 8 and code != "%25":
                raise NotAUrl(f"invalid URL escape {quoted(code)}")
            if mode == "zone" and code != "%25" and chr(int(code[1:], 16)) not in _HOST + " ":
                raise NotAUrl(f"invalid URL escape {quoted(code)}")
            place += 3
            continue
        if mode and character < "\x80" and character not in _HOST:
            raise NotAUrl(f"invalid character {quoted(character)} in host name")
        place += 1
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape") if "%" in text else text


def _bytes(text: str, count: int) -> str:
    return text.encode()[:count].decode("utf-8", "replace")


def _escaped_path(url: Url) -> str:
    if all(character in _ENCODED for character in url.raw):
        return url.raw
    data = url.path.encode("utf-8", "surrogateescape")
    return "".join(chr(code) if chr(code) in _PATH else f"%{code:02X}" for code in data)


def _host_and_port(host: str) -> tuple[str, str]:
    colon = host.rfind(":")
    name, port = (host[:colon], host[colon + 1 :]) if colon != -1 and _optional_port(host[colon:]) else (host, "")
    return name[1:-1] if name.startswith("[") and name.endswith("]") else name, port


def _query(url: Url) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in url.query.split("&"):
        if ";" in part or not part:
            continue
        name, _, value = part.partition("=")
        try:
            key, entry = (_unescape(each.replace("+", " "), "") for each in (name, value))
        except NotAUrl:
            continue
        found.setdefault(key, []).append(entry)
    return found


def _is_url(text: str) -> bool:
    try:
        parse_request(text)
    except NotAUrl:
        return False
    return True


_U = "kubernetes.URL"
LIBRARY = Library(
    0,
    (
        Function("url", (plain("string_to_url", "string", _U, _url),)),
        Function("getScheme", (member("url_get_scheme", _U, "string", lambda url: url.scheme),)),
        Function("getHost", (member("url_get_host", _U, "string", lambda url: url.host),)),
        Function("getHostname", (member("url_get_hostname", _U, "string", lambda url: _host_and_port(url.host)[0]),)),
        Function("getPort", (member("url_get_port", _U, "string", lambda url: _host_and_port(url.host)[1]),)),
        Function("getEscapedPath", (member("url_get_escaped_path", _U, "string", _escaped_path),)),
        Function("getQuery", (member("url_get_query", _U, "map<string,list<string>>", _query),)),
        Function("isURL", (plain("is_url_string", "string", "bool", _is_url),)),
    ),
)
