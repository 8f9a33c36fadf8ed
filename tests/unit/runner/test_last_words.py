"""Why a step failed is said whole, however many lines its exception has."""

from __future__ import annotations

import pytest

from generators.runner.last_words import LastWords

FRAMES = ["Traceback (most recent call last):", '  File "x.py", line 1, in f', "    raise ValueError"]
SAID = {
    "nothing": ([], ""),
    "a line": (["begin", "broken", ""], "broken"),
    "an exception": ([*FRAMES, "ValueError: no"], "ValueError: no"),
    "an exception of several lines": ([*FRAMES, "ValueError: no", "  item 1", "", "item 2"], None),
    "the last of several": (
        [*FRAMES, "KeyError: 1", "", "During handling of the above exception, another:", *FRAMES, "ValueError: no"],
        "ValueError: no",
    ),
    "a long line": (["x" * 5000], "x" * 5000),
}


@pytest.mark.parametrize("what", SAID)
def test_the_last_words_are_the_whole_of_what_went_wrong(what: str) -> None:
    lines, expected = SAID[what]
    words = LastWords()

    for line in lines:
        words.hear(line)

    assert words.text == ("ValueError: no\n  item 1\n\nitem 2" if expected is None else expected)
