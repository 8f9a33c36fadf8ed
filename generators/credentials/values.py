"""Whether a text can be a credential: not a reference, a placeholder, a type, a path, a word that names something."""

from __future__ import annotations

import math
import re
from collections import Counter

from generators.credentials.names import names_credential

_REFERENCE = re.compile(
    r"\$[({A-Za-z_]|\{\{|\{[a-z_.]+\}|<[^<>]*>|%\(|%[sd]\b|\*{3,}|^[*&!@%][\w./-]*$|^[\[({$|>]|^\.{2,}"
)
_PLACEHOLDER = re.compile(
    r"[xX*.#_-]+|[0-9]{1,3}|(?:your|my|the|some|a|an|insert|enter|replace|put|set|add|fill)[-_ ].*|.*[-_ ]here|"
    r"(?:redacted|example|examples|sample|placeholder|none|null|nil|undefined|true|false|yes|no|on|off|todo|tbd|fixme|"
    r"empty|unset|unknown|optional|required|default|hidden|masked|not[-_ ]shown|n/a|omitted|removed|dummy)",
    re.IGNORECASE,
)
_TYPE = re.compile(
    r"(?:builtins\.)?(?:str|string|int|integer|float|number|double|bool|boolean|bytes|object|any|optional|list|dict|array|"
    r"self|cls|secret|secretstr|secretkey|text|path|password|token|basic|bearer|literal|type)(?:\b.*)?",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z][a-z]*(?:_[a-z]+)+|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_WORDS = re.compile(r"[a-z]+(?:[-_./ ][a-z0-9]{1,10})*|(?:[A-Z]?[a-z]{2,})+\d{0,2}")
_DIGEST = re.compile(r"(?:sha\d*|md5)[:-][0-9A-Za-z+/=]+")
_PATH = re.compile(
    r"(?:[.~]{0,2}/)[\w.-]+(?:/[\w.-]+)*/?|[\w.-]+(?:/[\w.-]+)*\.(?:json|ya?ml|pem|key|txt|crt|toml|env|py)"
)
_DECIMAL = re.compile(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?")
_DATE = re.compile(r"\b\d{4}-?\d{2}-?\d{2}(?:T[\d:-]{5,8}Z?)?\b")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[a-zA-Z]{1,2})?|v?\d+(?:\.\d+)+[\w./+-]*")  # or a version
_NAMES = re.compile(r"[A-Za-z][a-z]*\d{0,4}(?:[-_./:]+(?:[A-Za-z][a-z]*\d{0,4}|\d{1,8}))*")
_KINDS = tuple(map(re.compile, ("[0-9]", "[a-z]", "[A-Z]")))
_HEX = re.compile(r"(?:[0-9a-f]{32,}|[0-9A-F]{32,})")
_SHORTEST, _SHORTEST_PASSWORD = 8, 4
_RANDOM_BITS, _RANDOM_LENGTH = 3.6, 20  # Shannon's entropy a character, of a text this long
_MIXED_LENGTH = 16  # of letters in both cases that are no words


def can_be_password(value: str) -> bool:
    """Whether something that stands where a password belongs can be one: whatever a person may choose."""
    return len(value) >= _SHORTEST_PASSWORD and not _says_it_is_none(value)


def can_be_key(value: str) -> bool:
    """Whether something that stands where a token or a key belongs looks as if a machine had made it."""
    return len(value) >= _SHORTEST and not _says_it_is_none(value) and is_random(value)


def is_long_and_random(value: str) -> bool:
    """Whether a text is nothing but random characters: what is a key though its name hardly says so."""
    is_mixed = all(kind.search(value) for kind in _KINDS) and entropy(value) >= _RANDOM_BITS
    looks_random = len(value) >= _MIXED_LENGTH and " " not in value and (is_mixed or bool(_HEX.fullmatch(value)))
    return looks_random and not _NAMES.fullmatch(value) and not _says_it_is_none(value)


def is_random(value: str) -> bool:
    """Whether a text is no word, name or number that a person would write: letters and digits without a sense."""
    value = _DATE.sub("", value) if "-" in value else value
    if _NUMBER.fullmatch(value) or (_WORDS.fullmatch(value) and sum(map(str.isdigit, value)) < 5):
        return False
    kinds = [str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum() and c not in " -_./:,"]
    present = sum(any(map(kind, value)) for kind in kinds)
    if present >= 3 or (present == 2 and any(map(str.isdigit, value))):
        return len(value) >= _SHORTEST
    shortest = _MIXED_LENGTH if value.isalpha() and present == 2 else _RANDOM_LENGTH
    return len(value) >= shortest and entropy(value) >= _RANDOM_BITS


def entropy(value: str) -> float:
    """Shannon's entropy of a text's characters, in bits a character."""
    counts, size = Counter(value).values(), len(value)
    return -sum(n / size * math.log2(n / size) for n in counts)


def _says_it_is_none(value: str) -> bool:
    if _REFERENCE.search(value) or _PLACEHOLDER.fullmatch(value) or _TYPE.fullmatch(value) or _DIGEST.fullmatch(value):
        return True
    if "://" in value or _DECIMAL.fullmatch(value) or (_PATH.fullmatch(value) and not _looks_like_base64(value)):
        return True
    named = names_credential(value) and (value.isupper() or bool(_WORDS.fullmatch(value)))
    return named or bool(_IDENTIFIER.fullmatch(value))


def _looks_like_base64(value: str) -> bool:
    """Whether what looks like a path is rather a key with a slash in it: long runs without a word."""
    return len(value) >= _RANDOM_LENGTH and max(map(len, value.split("/"))) >= _RANDOM_LENGTH and entropy(value) > 4.2
