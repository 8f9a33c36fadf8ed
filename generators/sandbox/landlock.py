"""Landlock: a process takes away from itself what it could reach, without any privilege (linux/landlock.h)."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from generators.sandbox import machine

_VERSION = 1  # a flag: answer the version of the interface
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILES = {1: 13, 2: 14, 3: 15, 5: 16}  # rights on files that each version knows: so many bits
_NETWORK = 0b11  # binding and connecting TCP, from version 4
_SCOPES = 0b11  # abstract sockets and signals, from version 6


def version() -> int:
    """The version of Landlock's interface, 0 where the machine has none."""
    try:
        return machine.call("landlock_create_ruleset", 0, 0, _VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str] = ()) -> None:
    """Take from this process every right that the kernel's version knows, but that of reading these folders."""
    known = version()
    files = (1 << max(bits for since, bits in _FILES.items() if since <= known)) - 1
    rights = struct.pack("=QQQ", files, _NETWORK if known >= 4 else 0, _SCOPES if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    rules = machine.call("landlock_create_ruleset", ctypes.c_char_p(rights), size, 0)
    try:
        for folder in readable:
            _allow_reading(rules, folder)
        machine.call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _allow_reading(rules: int, folder: str) -> None:
    held = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", _READ_FILE | _READ_FOLDER, held)
        machine.call("landlock_add_rule", rules, _RULE_PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(held)
