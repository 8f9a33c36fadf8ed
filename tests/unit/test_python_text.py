"""What is no Python, or too much of it, is said to be none."""

from __future__ import annotations

import pytest

from generators.python_text import NO_PYTHON, tree


@pytest.mark.parametrize("text", ["- " * 500_000, "(" * 5000, "a\0", "def", "x = 1\n" * 100_000, "a" + ".b" * 100_000])
def test_what_is_no_python_is_refused_and_ends_nothing(text: str) -> None:
    with pytest.raises(NO_PYTHON):
        tree(text)
