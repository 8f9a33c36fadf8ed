"""A repository of small pipelines, each a function `p` after the same head."""

from __future__ import annotations

from pathlib import Path

from generators.inventory.read import Repository

HEAD = """
from typing import Dict, List
from kfp import dsl

@dsl.component(base_image="greeter", install_kfp_package=False)
def say(text: str) -> str:
    return text

@dsl.component(base_image="greeter", install_kfp_package=False)
def names() -> list:
    return ["Ada"]

"""


def repository_of(folder: Path, pipelines: dict[str, str]) -> Repository:
    for name in ("environments", "base", "generators/pipelines", "components"):
        (folder / name).mkdir(parents=True)
    for name, body in pipelines.items():
        text = body.replace("def p(", f"def {name}(", 1)
        decorator = f'@dsl.pipeline(name="{name if "def other" not in body else "other"}")\n'
        (folder / f"generators/pipelines/{name}.py").write_text(HEAD + decorator + text)
    return Repository(folder)
