"""Credentials that no name stands before, as their place in a command or a call says what they are.

`curl -u user:x`, `mysql -px`, `docker login -p x`, `echo x | docker login --password-stdin`, `auth=("user", "x")`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generators.credentials.values import can_be_password, is_long_and_random

_WORD = r"[^\s\"'|;&<>()`$\\{}]"
_BETWEEN = r"[^\n|;&]{0,200}?"  # the other words of the command
_OPEN, _QUOTED = r"\\?[\"']?", r"\\?(?P<quote>[\"'])(?P<value>[^\s\"'\\]{4,256})\\?(?P=quote)"
_VALUE = rf"(?P<value>{_WORD}{{4,256}})"
_NEXT = r"(?:[ \t]+|[ \t]*=[ \t]*|\\?[\"'],?\s{1,64}(?:-[ \t]{1,8})?)"  # to the next word, or item of a list
_ECHO = rf"\b(?:echo|printf)[ \t]+(?:-\w{{1,4}}[ \t]+)?{_OPEN}"
_PIPED = rf"(?P<value>[^\s\"'`$\\|]{{4,256}}){_OPEN}[ \t]*\|"
_FIRST_TEXT = r"\\?[\"'][^\n\"'\\]{1,128}\\?[\"'],\s{0,64}"

# (a word that is in whatever the pattern finds, the pattern), each of linear time
_COMMANDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("curl", rf"\bcurl\b{_BETWEEN}[\s\"'](?:-u|--user|-U|--proxy-user){_NEXT}{_OPEN}{_WORD}{{1,64}}?:{_VALUE}"),
        ("mysql", rf"\bmysql(?:dump|admin|import|check)?\b{_BETWEEN}[\s\"']-p{_VALUE}"),
        ("sshpass", rf"\bsshpass[ \t]+-p[ \t]*{_OPEN}{_VALUE}"),
        ("login", rf"\blogin\b{_BETWEEN}[\s\"']-p{_NEXT}{_OPEN}{_VALUE}"),
        ("redis-cli", rf"\bredis-cli\b{_BETWEEN}[\s\"']-a{_NEXT}{_OPEN}{_VALUE}"),
        ("ldap", rf"\bldap(?:search|modify|add|delete|whoami)\b{_BETWEEN}[\s\"']-w{_NEXT}{_OPEN}{_VALUE}"),
        ("smbclient", rf"\bsmbclient\b{_BETWEEN}[\s\"']-U{_NEXT}{_OPEN}{_WORD}{{1,64}}?%{_VALUE}"),
        ("mongo", rf"\bmongo(?:sh|dump|restore|export|import)?\b{_BETWEEN}[\s\"']-p{_NEXT}{_OPEN}{_VALUE}"),
        ("openssl", rf"\bopenssl\b{_BETWEEN}[\s\"']-pass(?:in|out)?{_NEXT}{_OPEN}pass:{_VALUE}"),
        ("zip", rf"\b(?:un)?zip\b{_BETWEEN}[\s\"']-P{_NEXT}{_OPEN}{_VALUE}"),
        ("7z", rf"\b7z[ar]?\b{_BETWEEN}[\s\"']-p{_VALUE}"),
        ("chpasswd", rf"{_ECHO}{_WORD}{{1,64}}?:{_PIPED}[^\n|;&]{{0,40}}chpasswd"),
        ("-stdin", rf"{_ECHO}{_PIPED}{_BETWEEN}-stdin\b"),
        ("auth", rf"\bauth\w{{0,16}}[ \t]*=[ \t]*\(\s{{0,64}}{_FIRST_TEXT}{_QUOTED}"),
        ("Auth(", rf"\w{{0,32}}Auth\(\s{{0,64}}{_FIRST_TEXT}{_QUOTED}"),
        ("login(", rf"\blogin\(\s{{0,64}}{_FIRST_TEXT}{_QUOTED}"),
    )
)  # fmt: skip
_LOGIN = re.compile(rf"\blogin\(\s{{0,64}}(?:(?:key|token)[ \t]*=[ \t]*)?{_QUOTED}")  # wandb.login(key="x")


def commanded(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(rule, what it is, start, end) of every such value."""
    for word, pattern in _COMMANDS:
        for found in pattern.finditer(text) if word in text else ():
            if can_be_password(found["value"]):
                yield "command", "a password that a command is given", found.start("value"), found.end("value")
    for found in _LOGIN.finditer(text) if "login(" in text else ():
        if is_long_and_random(found["value"]):
            yield "command", "a key that a call is given", found.start("value"), found.end("value")
