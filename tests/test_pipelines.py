"""Every pipeline: each of its parameters counts, is bounded by a schema, and is named on its page."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
RENDERED = {file.parent.name: file for file in sorted(ROOT.glob("rendered/local/laptop/*/pipeline.yaml"))}
PAGES = {file: file.read_text() for file in sorted(ROOT.glob("docs/pipelines/*.md"))}
SECRET_OR_PLACE = ("key", "password", "credential", "host", "url", "bucket")
Tree = dict[str, Any]


@cache
def _compiled(name: str) -> tuple[Tree, Tree]:
    """The PipelineSpec of a pipeline, and its PlatformSpec, empty where it has none."""
    spec, *platform = yaml.load_all(RENDERED[name].read_text(), Loader=yaml.CSafeLoader)
    return spec, platform[0] if platform else {}


def _parameters(name: str) -> Tree:
    return _compiled(name)[0]["root"].get("inputDefinitions", {}).get("parameters", {})


@pytest.mark.parametrize("name", RENDERED)
def test_every_parameter_has_a_value_and_reaches_a_step_a_condition_a_loop_or_a_pod(name: str) -> None:
    spec, platform = _compiled(name)

    assert [each for each, declared in _parameters(name).items() if "defaultValue" not in declared] == []
    assert set(_parameters(name)) == _used(spec, platform, spec["root"]["dag"])


@pytest.mark.parametrize("name", RENDERED)
def test_no_parameter_holds_a_secret_or_a_place_of_the_environment(name: str) -> None:
    assert [each for each in _parameters(name) if set(each.split("_")) & set(SECRET_OR_PLACE)] == []


@pytest.mark.parametrize("name", RENDERED)
def test_the_schema_of_the_parameters_knows_every_one(name: str) -> None:
    schema = json.loads((ROOT / f"schemas/parameters/{name}.schema.json").read_text())

    assert set(schema["properties"]) == set(_parameters(name))


@pytest.mark.parametrize("name", RENDERED)
def test_a_page_names_every_parameter_of_the_pipeline(name: str) -> None:
    (page,) = [text for text in PAGES.values() if re.search(rf"graft run {name}\n", text)]

    assert [parameter for parameter in _parameters(name) if f"`{parameter}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_a_graph_and_its_pictures_are_there(page: Path) -> None:
    assert "```mermaid\n" in PAGES[page]
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGES[page])
    assert all((page.parent / picture).is_file() for picture in pictures)


def _used(spec: Tree, platform: Tree, dag: Tree) -> set[str]:
    """The inputs of a graph that end in a step, its pod, a condition or the items of a loop, however deep."""
    pods = platform.get("platforms", {}).get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {})
    found = set()
    for task in dag["tasks"].values():
        component = spec["components"][task["componentRef"]["name"]]
        given = task.get("inputs", {}).get("parameters", {})
        names = {name: value.get("componentInputParameter") for name, value in given.items()}
        below = _used(spec, platform, component["dag"]) if "dag" in component else set(names)
        below |= {name for name in names if f"'{name}'" in task.get("triggerPolicy", {}).get("condition", "")}
        below.add(task.get("parameterIterator", {}).get("items", {}).get("inputParameter"))
        of_pod = re.findall(
            r'"componentInputParameter": "([^"]+)"', json.dumps(pods.get(component.get("executorLabel")))
        )
        found |= {names[name] for name in below if names.get(name)} | set(of_pod)
    return found
