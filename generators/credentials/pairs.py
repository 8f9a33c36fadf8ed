"""Values that stand where a credential belongs: after a name that says so, in whatever a file calls a pair.

`password: x`, `TOKEN=x`, `"apiKey": "x"`, `--password x`, `{name: TOKEN, value: x}`, `os.environ["TOKEN"] = "x"`,
`<password>x</password>`, in data, code and comments alike; time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generators.credentials.names import may_name_credential, names_credential, names_password
from generators.credentials.values import can_be_key, can_be_password, is_long_and_random, is_random

_WORDS = (
    "pass", "pwd", "_pw", "secret", "token", "cred", "key", "auth", "bearer", "pat", "webhook", "pswd", "psswd",
    "kennwort",
)  # fmt: skip
_NAME = re.compile(r"[\w.-]{0,64}")
_IN_A_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_LONGEST_NAME, _LONGEST_JUDGED = 64, 256
_QUOTED = r"(?P<quote>\\?[\"'])(?P<quoted>(?:(?!(?P=quote))[^\n]){0,4096})(?P=quote)"
_PLAIN = r"(?P<plain>[^\s\"'#,;(){}\[\]<>&|`\\][^\s\"',;(){}\[\]<>|`\\]{0,255})"
_REST = re.compile(r"[^\s\"',;(){}\[\]<>|`\\]*")  # of a longer one, which is judged by how it begins
_SPACE = r"[ \t]{0,64}"
_END_OF_NAME = rf"\\?[\"']?\]?{_SPACE}"
_TAG = r"(?:[!&][\w!/.:-]{1,64}[ \t]{1,8}){0,2}"
_ANNOTATION = rf"(?::[ \t]{{0,8}}[A-Za-z_][\w.\[\], |]{{0,64}}?{_SPACE})?"
_BLOCK = r"[|>][+-]?\d?[ \t]{0,8}\n[ \t]{1,64}"
_VALUE_KEY = r"\\?[\"']?(?:value|default|defaultValue|default_value|constant|stringValue|string_value)\\?[\"']?"
_RUNTIME = rf"(?:\\?[\"']?runtimeValue\\?[\"']?{_SPACE}:\s{{0,64}}\{{?\s{{0,64}})?"
_SEPARATORS = (
    rf"{_END_OF_NAME}:\s{{0,64}}\{{?\s{{0,64}}{_RUNTIME}{_VALUE_KEY}{_SPACE}:{_SPACE}",  # token: {defaultValue: x}
    rf"\\?[\"']?{_SPACE}[,\n]\s{{0,64}}{_VALUE_KEY}{_SPACE}[:=]{_SPACE}(?:{_BLOCK})?",  # name: TOKEN, value: x
    rf"{_END_OF_NAME}{_ANNOTATION}(?:=>|:=|=(?!=)){_SPACE}{_TAG}",  # TOKEN=x, token: str = "x"
    rf"{_END_OF_NAME}:{_SPACE}{_TAG}(?:{_BLOCK})?",
    r"\\?[\"'],\s{0,64}(?=\\?[\"'])",  # "--password", "x" and setdefault("TOKEN", "x")
    rf"\\?[\"']?{_SPACE}\n[ \t]{{0,64}}-[ \t]{{1,8}}",  # the next item of a list
    r">(?=[^\s<>])",  # <password>x</password>
)
_PAIRED = [re.compile(rf"{separator}(?:{_QUOTED}|{_PLAIN})") for separator in _SEPARATORS]
# of these: an assignment, what comes after an option or in a call, and what comes after an option
_ASSIGNED, _COMMA, _LIST_ITEM = 2, 4, 5
_LONGEST_ANNOTATION = 256
_CALL = re.compile(r"\(\s{0,64}\\?[\"']\Z")
_OPTION = re.compile(rf"[ \t=]{{1,8}}(?:{_QUOTED}|{_PLAIN})")
_SAID = re.compile(r":?[ \t]{1,8}(?:(?:is|was|of)[ \t]{1,8})?`?(?!--[a-z])" + _PLAIN)
_BEFORE = re.compile(  # value: x, name: TOKEN
    rf"(?<!\w){_VALUE_KEY}{_SPACE}:{_SPACE}(?:{_QUOTED}|{_PLAIN}){_SPACE}[,\n]\s{{0,64}}"
    rf"\\?[\"']?name\\?[\"']?{_SPACE}:{_SPACE}\\?[\"']?\Z"
)
_NAME_KEY = re.compile(r"name\\?[\"']?[ \t]{0,8}:[ \t]{0,8}\\?[\"']?\Z")
_LONGEST_BEFORE, _LINE = 600, 400
_CONNECTION = re.compile(r"\b(?:host|user|username|uid|server|dbname|database|port)=\S", re.IGNORECASE)
_IN_A_TEXT = re.compile(r"=(?P<plain>[^\s\"',;(){}\[\]<>&|`\\]{1,256})")  # "host=db password=x"
_WITH_SCHEME = re.compile(r"(?:bearer|basic|token)[ \t]{1,8}(?P<rest>[A-Za-z0-9+/=_.~:-]{8,4096})", re.IGNORECASE)
_SPACED = re.compile(r"^[ \t]*(?:ENV|ARG|machine\b|login\b|default[ \t]+login)|\blogin\b|\bhtpasswd\b", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|--\s|;\s|<!--)")
_REFERS = {"secret", "secrets", "secretkey", "credential", "credentials", "creds", "bearer", "authorization"}


def paired(text: str, code: bool = False) -> Iterator[tuple[str, str, int, int]]:
    """(rule, what it is, start, end) of every such value; in `code` a value without quotes is an expression."""
    last = -1
    for at in _places(text):
        if at >= last:
            start, last = _name_around(text, at)
            name = text[start:last].strip(".-")
            if names_credential(name) or may_name_credential(name):
                for found in _value(text, name, start, last, code):
                    last = max(last, found[3])
                    yield found


def stands_for(name: str, value: str) -> bool:
    """Whether a value that stands under a name is a credential by what the name says."""
    if not (names_credential(name) or may_name_credential(name)):
        return False
    scheme = _WITH_SCHEME.match(value)
    value = scheme["rest"] if scheme else value[:_LONGEST_JUDGED]
    return _can_be(name, value) and _is_credential(name, value, False)


def _places(text: str) -> list[int]:
    """Where a word stands that every name of a credential has."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters become two
        lower = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    return sorted(at for word in _WORDS for at in _occurrences(lower, word))


def _occurrences(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _name_around(text: str, at: int) -> tuple[int, int]:
    """Where the name begins and ends in which something stands, the end being at least one further."""
    start, least = at, max(0, at - _LONGEST_NAME)
    while start > least and text[start - 1] in _IN_A_NAME:
        start -= 1
    found = _NAME.match(text, at)
    return start, max(at + 1, found.end() if found else 0)


def _value(text: str, name: str, start: int, end: int, code: bool) -> Iterator[tuple[str, str, int, int]]:
    option = text.startswith("--", start) or text[max(0, start - 2) : start] == "--"
    for found, said in _candidates(text, start, end, option, code):
        value, at = _taken(found)
        if code and found["plain"] and not (found.re is _IN_A_TEXT and _is_of_text(text, start, value)):
            continue
        if _can_be(name, value) and _is_credential(name, value, said or _in_comment(text, start)):
            yield "value-of-a-name", f"the value of {name[:40]}", at, _end(found, at + len(value))
            return


def _candidates(text: str, start: int, end: int, option: bool, code: bool) -> Iterator[tuple[re.Match[str], bool]]:
    """What may be the value, the likeliest first, and whether it is only said in a sentence."""
    if _NAME_KEY.search(text, max(0, start - 32), start) and (
        found := _BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
    ):
        yield found, False
    if code and (found := _IN_A_TEXT.match(text, end)) and _in_quotes(text, start):
        yield found, False
    called = bool(_CALL.search(text, max(0, start - 8), start))
    allowed = {_COMMA: option or called, _LIST_ITEM: option}
    if "=" not in text[end : end + _LONGEST_ANNOTATION]:
        allowed[_ASSIGNED] = False
    for number, pattern in enumerate(_PAIRED):
        if allowed.get(number, True) and (found := pattern.match(text, end)):
            yield found, False
            if number < _LIST_ITEM:
                return
    if option and (found := _OPTION.match(text, end)):
        yield found, False
    elif not code and (found := _SAID.match(text, end)):
        yield found, not _SPACED.search(_line_before(text, start))


def _end(found: re.Match[str], end: int) -> int:
    """Where a value ends that is written without quotes, however long it is."""
    is_cut = found["plain"] and end == found.end("plain")
    rest = _REST.match(found.string, end) if is_cut else None
    return rest.end() if rest else end


def _taken(found: re.Match[str]) -> tuple[str, int]:
    """The value and where it stands, without what says how it is sent."""
    group = "plain" if found["plain"] else "quoted"
    value, at = found[group] or "", found.start(group)
    if scheme := _WITH_SCHEME.match(found.string, at, at + 4200):
        return scheme["rest"], scheme.start("rest")
    return value.rstrip(".:"), at


def _can_be(name: str, value: str) -> bool:
    """Whether a value can be one at all, which costs little to say."""
    return can_be_password(value) if names_credential(name) else is_long_and_random(value)


def _is_credential(name: str, value: str, said: bool) -> bool:
    """Whether a value can be one; what is only said in a sentence must look as if a machine had made it."""
    if said:
        return can_be_key(value) or (names_password(name) and can_be_password(value) and _is_odd(value))
    if not names_credential(name):
        return True
    if names_password(name):
        return can_be_password(value) and (" " not in value or (value.count(" ") < 6 and not value.endswith(".")))
    last = name.replace("-", "_").rpartition("_")[2].rpartition(".")[2].lower()
    return can_be_key(value) and " " not in value and not (last in _REFERS and _names_an_object(value))


def _is_odd(value: str) -> bool:
    """Whether a word is none that a sentence would hold."""
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and not value.endswith((")", "s"))


def _names_an_object(value: str) -> bool:
    """Whether it can be the name of a Secret: words in lower case, with a short hash at most."""
    parts = value.split("-")
    return (
        value == value.lower() and len(parts) > 1 and parts[0].isalpha() and not is_random(parts[0]) and len(value) < 64
    )


def _is_of_text(text: str, at: int, value: str) -> bool:
    """Whether what stands after a name inside a text of code is a value: a random one, or that of a connection."""
    return is_random(value) or bool(_CONNECTION.search(text, max(0, at - 200), at))


def _in_quotes(text: str, at: int) -> bool:
    """Whether a place in code is within a text in quotes, by what its line has before it."""
    line = _line_before(text, at)
    return line.count('"') % 2 == 1 or line.count("'") % 2 == 1


def _in_comment(text: str, at: int) -> bool:
    return bool(_COMMENT.search(_line_before(text, at)))


def _line_before(text: str, at: int) -> str:
    """What a line has before a place, or the last 400 characters of it."""
    least = max(0, at - _LINE)
    return text[max(text.rfind("\n", least, at) + 1, least) : at]
