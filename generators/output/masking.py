"""Findings without the credentials that a file holds, and without texts that go on and on."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from generators.credentials import hidden, masked, name_in
from generators.model import Finding

_LONGEST_TEXT = 4_000  # characters of what a program reads; for people it is less


@lru_cache(maxsize=4096)
def masked_finding(finding: Finding) -> Finding:
    """A finding that quotes no credential, by its form or by the key that it stands under, and no endless text."""
    name = name_in(finding.path)
    return replace(
        finding,
        path=masked(_cut(finding.path)),
        message=masked(_cut(finding.message)),
        found=hidden(_cut(finding.found), name),
        allowed=masked(_cut(finding.allowed)),
        fix=masked(_cut(finding.fix)),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."
