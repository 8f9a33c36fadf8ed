"""What a component's image could not import is refused before an image is built from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.checks import sources
from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
FOLDER = "components/a"
PACKAGE = {"src/a/__init__.py": "VERSION = 1\n", "src/a/b.py": "", "src/a/c/__init__.py": "", "src/a/c/d.py": ""}


def _problems(files: dict[str, str]) -> list[Finding]:
    return list(
        sources.problems(FOLDER, {f"{FOLDER}/{name}": text.encode() for name, text in (PACKAGE | files).items()})
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\ndef f(:\n", 2, "is not Python"),
        ("return 1\n", 1, "outside function"),
        ("x = '\n", 1, "unterminated"),
        ('"""a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n"""\n', 2, "conflict markers"),
        ("x = 1\n<<<<<<< HEAD\nx = 2\n=======\nx = 3\n>>>>>>> other\n", 2, "conflict markers"),
        ("x = 1\n<<<<<<< HEAD\n", 2, "conflict markers"),
    ],
)
def test_a_file_that_does_not_compile_is_refused_at_its_line(text: str, line: int, words: str) -> None:
    (finding,) = _problems({"src/a/b.py": text})

    assert (finding.place.file, finding.place.line) == (f"{FOLDER}/src/a/b.py", line)
    assert words in finding.message


MISSING = ["import a.x", "from a import x", "from a.x import y", "from . import x", "from .x import y", "import a.c.x"]


@pytest.mark.parametrize("statement", MISSING)
def test_an_import_of_a_module_that_is_not_there_is_refused(statement: str) -> None:
    (finding,) = _problems({"src/a/b.py": f"def f():\n    {statement}\n"})

    assert finding.place.line == 2 and "there is no module a." in finding.message


def test_an_import_in_a_function_of_a_component_is_looked_at_too() -> None:
    (finding,) = _problems({"component.py": "def step():\n    from a.c import e\n"})

    assert (finding.place.file, finding.place.line, finding.fix) == (f"{FOLDER}/component.py", 2, "did you mean a.c.d?")


THERE = [
    "import a.b, a.c.d", "from a import VERSION, b", "from a.b import anything", "from . import c", "from .c import d",
    "import os, numpy.x", "from a.c.d import *",
]  # fmt: skip


@pytest.mark.parametrize("statement", THERE)
def test_what_is_there_or_is_no_module_of_the_component_is_not_refused(statement: str) -> None:
    assert _problems({"src/a/b.py": statement}) == []


def test_check_finds_it_and_says_nothing_once_it_is_mended(tiny: Path, edit: Edit) -> None:
    words = tiny / "components/greeter/src/greeter/words.py"
    before = words.read_text()
    words.write_text(before + "def f(:\n")

    found = [finding for finding in check.check(Repository(tiny)) if finding.check == "source"]

    words.write_text(before)
    assert [finding.place.file for finding in found] == ["components/greeter/src/greeter/words.py"]
    assert [finding for finding in check.check(Repository(tiny)) if finding.check == "source"] == []
