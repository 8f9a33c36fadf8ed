"""What a component's function takes from outside of itself, or calls in vain, is found before a pod runs it."""

from __future__ import annotations

import ast

import pytest

from generators.checks.wrappers import problems

HEAD = "from typing import NamedTuple\nfrom kfp import dsl\nfrom kfp.dsl import Dataset, Input\nIMAGE = 'a'\n"
MODULE = "import json\nLIMIT = 3\ndef fetch(uri, seed, *, draws=1):\n    pass\ndef any_of(*words, **more):\n    pass\n"
DECORATOR = "@dsl.component(base_image=IMAGE, install_kfp_package=False)\n"


def _found(body: str, decorator: str = DECORATOR, module: str = MODULE) -> list[tuple[str, str]]:
    text = f"{HEAD}{decorator}def step(data: Input[Dataset], seed: int = 1):\n    {body}\n"
    return [(each.rule, each.message) for each in problems("component.py", text, {"a.steps": ast.parse(module)})]


WRONG = {
    "print(IMAGE)": ("free-name", "IMAGE is not defined inside the function step"),
    "print(dataset)": ("free-name", "dataset is not defined"),
    "[IMAGE for _ in data]": ("free-name", "IMAGE is not defined"),
    "from a import steps; steps.fetsh(1, 2)": ("missing-name", "there is no fetsh in a.steps"),
    "from a import steps; steps.fetch(1)": ("call", "a.steps.fetch is not given seed"),
    "from a import steps; steps.fetch(1, 2, 3)": ("call", "takes 2 arguments by position, and is given 3"),
    "from a import steps; steps.fetch(1, 2, draw=1)": ("call", "takes no argument draw"),
}


@pytest.mark.parametrize("body", WRONG)
def test_what_would_fail_in_a_pod_is_found(body: str) -> None:
    ((rule, message),) = _found(body)

    assert rule == WRONG[body][0] and WRONG[body][1] in message


@pytest.mark.parametrize(
    "body",
    [
        "print(data.path, seed, dsl, NamedTuple, Dataset)",
        "import os\n    value = os.environ\n    return [value for each in data if each]",
        "from a import steps; steps.fetch('u', seed=seed, draws=2)",
        "from a import steps; steps.any_of(1, 2, x=3); steps.fetch(*data); steps.LIMIT",
        "from b import steps; steps.anything(1)",
        "from pathlib import Path as P\n    def inner(a):\n        return P(a), data\n    return inner(1)",
        "try:\n        pass\n    except ValueError as error:\n        print(error)",
    ],
)
def test_what_a_function_brings_along_is_accepted(body: str) -> None:
    assert _found(body) == []


def test_a_container_component_is_run_by_the_compiler_with_its_module() -> None:
    assert _found("return dsl.ContainerSpec(image=IMAGE)", "@dsl.container_component\n") == []


@pytest.mark.parametrize("module", ["from b import *\n", "def __getattr__(name):\n    pass\n"])
def test_a_module_that_may_have_any_name_is_not_judged(module: str) -> None:
    assert _found("from a import steps; steps.whatever()", module=module) == []
