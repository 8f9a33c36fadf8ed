"""A module's text as its syntax tree, which several checks look at and which takes Python longer than all of them."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache

NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)  # by which Python says that a text is none
LARGEST = 256 << 10  # bytes; what is larger was made by a program, and is data


@lru_cache(maxsize=32)
def tree(text: str | bytes) -> ast.Module:
    """The tree, not to be changed; one of NO_PYTHON where there is none."""
    if len(text) > LARGEST:
        raise SyntaxError(f"it is larger than {LARGEST >> 10} KiB, which nobody reads")
    with warnings.catch_warnings(action="ignore"):
        return ast.parse(text)
