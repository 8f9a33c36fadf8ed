"""Every pipeline has its page, which names each of its parameters and shows its graph."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
RENDERED = {file.parent.name: file for file in sorted(ROOT.glob("rendered/local/laptop/*/pipeline.yaml"))}
PAGES = {file: file.read_text() for file in sorted(ROOT.glob("docs/pipelines/*.md"))}


@pytest.mark.parametrize("name", RENDERED)
def test_a_page_names_every_parameter_of_the_pipeline(name: str) -> None:
    spec = next(iter(yaml.safe_load_all(RENDERED[name].read_text())))
    parameters = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    (page,) = [text for text in PAGES.values() if f"graft run {name}\n" in text]
    assert [parameter for parameter in parameters if f"`{parameter}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_a_graph_and_its_pictures_are_there(page: Path) -> None:
    assert "```mermaid\n" in PAGES[page]
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGES[page])
    assert all((page.parent / picture).is_file() for picture in pictures)
