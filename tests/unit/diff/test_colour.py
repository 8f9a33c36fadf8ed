"""In a terminal the same is said, in colours."""

from __future__ import annotations

import re

import pytest

from generators.diff.colour import print_in_colour
from generators.diff.text import to_text
from tests.unit.diff.samples import BUSY


def test_the_words_are_those_of_the_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    print_in_colour(BUSY)
    shown = capsys.readouterr().out

    assert re.sub(r"\x1b\[[\d;]*m", "", shown).rstrip() == to_text(BUSY)
    assert "\x1b[1;31mserved stale" in shown
