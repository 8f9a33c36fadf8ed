"""What a step prints is shown, and does nothing else to the terminal."""

from __future__ import annotations

import pytest

from generators.output.plain import plain, printable

SEQUENCES = {
    "a colour": ("\x1b[1;31mred\x1b[0m", "red"),
    "the cursor": ("\x1b[2J\x1b[Hgone\x1b[10;10f", "gone"),
    "a title": ("\x1b]0;root@prod\x07text", "text"),
    "a title that ends otherwise": ("\x1b]2;title\x1b\\text", "text"),
    "a title without an end": ("text\x1b]0;the rest", "text"),
    "a link": ("\x1b]8;;https://example.org\x1b\\here\x1b]8;;\x1b\\", "here"),
    "a device's answer": ("\x1bP+q544e\x1b\\text", "text"),
    "eight bits": ("\x9b31mred\x9b0m \x9d0;title\x9ctext", "red text"),
    "a reset": ("\x1bctext\x1b(B\x1b7", "text"),
    "half a sequence": ("text\x1b", "text"),
    "half a parameter": ("text\x1b[12", "text12"),
    "a bar of progress": (" 10%|#\r 50%|##\r100%|###", "100%|###"),
    "a bar that is wiped": ("100%|###\r\r   ", "100%|###"),
    "backspaces": ("1/10\b\b\b\b2/10", "2/10"),
    "a tab": ("a\tb", "a       b"),
    "a bell and a zero byte": ("a\x07b\x00", "a\\x07b\\x00"),
    "text from right to left": ("a\u202eb", "a\\u202eb"),
    "ordinary text": ("naïve 模型 [bold]", "naïve 模型 [bold]"),
}


@pytest.mark.parametrize(("line", "shown"), SEQUENCES.values(), ids=SEQUENCES)
def test_a_line_does_nothing_to_the_terminal(line, shown):
    assert plain(line) == shown
    assert plain(line).isprintable()


def test_what_is_quoted_shows_what_it_holds():
    assert printable("\x1b[31mred\tgreen") == "\\x1b[31mred\\tgreen"


@pytest.mark.parametrize("part", ["\x1b[", "\x1b[1;", "\x1b]0;", "\x1b", "\b", "\r", "\x1bP", "a\x9b0"])
def test_a_long_line_of_sequences_takes_no_longer_than_its_length(part):
    assert len(plain(part * 200_000)) < 2_000_000
