"""What reaches outside a pipeline is found in the text that runs, however it is written."""

from __future__ import annotations

import pytest

from generators.ir import purity

FILE = "generators/pipelines/p.py"
REACHING = {
    "a module of Python's": ("import os\n", "may not import os"),
    "one that runs other code": ("import json\nimport marshal\n", "may not import marshal"),
    "one behind another": ("import inspect\nX = inspect.os.uname()\n", "may not ask for os"),
    "a clock behind another": ("import logging\nX = logging.time.time()\n", "may not ask for time"),
    "one by a made-up name": ("import inspect\nX = getattr(inspect, 'o' + 's')\n", "what getattr() finds in a module"),
    "one by its name": ("import inspect\nX = getattr(inspect, 'os')\n", "what getattr() finds in a module"),
    "all of one": ("import inspect\nX = vars(inspect)['os']\n", "what vars() finds in a module"),
    "one that comes with a star": ("from generators.cli import *\nX = os.getpid()\n", "may not ask for os.getpid"),
    "a function's module": ("from kfp import dsl\nX = dsl.component.__globals__\n", "may not ask for __globals__"),
    "another name of a function": ("read = open\nX = read('x')\n", "may not call open()"),
    "a mark before the text": ("\ufeffimport os\n", "may not import os"),
    "a decorator of the author's": (
        "def component(made):\n    return made()\n\n@component\ndef X():\n    import os\n",
        "may not import os",
    ),
    "one that takes the place of KFP's": (
        "from kfp.dsl import component\ncomponent = lambda made: made()\n\n@component\ndef X():\n    import os\n",
        "may not import os",
    ),
    "a component that is run": (
        "from kfp import dsl\n\n@dsl.component\ndef f() -> str:\n    return ''\n\nX = f.python_func()\n",
        "may not ask for python_func",
    ),
    "a text that is turned": ("X = 'a'  # \u202e b\n", "holds U+202E"),
}
DESCRIBING = {
    "KFP's component": "from kfp import dsl\n\n@dsl.component(base_image='a')\ndef f():\n    import os\n",
    "by its own name": "from kfp.dsl import component\n\n@component\ndef f():\n    import os\n",
    "by another name": "import kfp.dsl as k\n\n@k.component\ndef f():\n    import os\n",
    "with its settings": (
        "from functools import partial\nfrom kfp.dsl import component\nmade = partial(component, base_image='a')\n\n"
        "@made\ndef f():\n    import os\n"
    ),
    "a component's function, for another image": (
        "from kfp import dsl\n\ndef again(step):\n    return dsl.component(step.python_func, base_image='b')\n"
    ),
    "an attribute of a task": "def p(task):\n    return getattr(task, 'o' + 's'), task.time, task.platform\n",
    "a deep expression": "X = 1" + " + 1" * 900 + "\n",
}


def _found(data: bytes) -> list[tuple[int, str]]:
    return [(line, words) for _, line, words in purity.of_files({FILE: data})]


@pytest.mark.parametrize("what", REACHING)
def test_what_reaches_outside_is_found_at_its_line(what: str) -> None:
    text, words = REACHING[what]

    found = _found(text.encode())

    assert any(words in said for _, said in found), found


@pytest.mark.parametrize("what", DESCRIBING)
def test_what_only_describes_is_pure(what: str) -> None:
    assert _found(DESCRIBING[what].encode()) == []


def test_a_text_is_judged_as_python_reads_it() -> None:
    """To a reader of UTF-8 this imports nothing: it is one comment."""
    found = _found(b"# coding: utf-7\n# Harmless.+AAo-import os\n")

    assert any(line == 1 and "is written in utf-7" in words for line, words in found)
    assert any("may not import os" in words for _, words in found)


def test_what_cannot_be_judged_is_refused() -> None:
    deep, large = b"X = 1" + b" + 1" * 20_000, b"x = 1\n" * 200_000

    assert ["nested too deep" in words for _, words in _found(deep)] == [True]
    assert ["larger than 1 MiB" in words for _, words in _found(large)] == [True]
