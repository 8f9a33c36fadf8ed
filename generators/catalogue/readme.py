"""The README of a component, never edited: made of its metadata, its owners and what its code says of itself.

That is `component.py`, with a step for each of its functions, or where the component is an image alone, which no
pipeline runs, the docstring of its package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from generators.catalogue.metadata import METADATA, OWNERS, About
from generators.catalogue.steps import Step, Value, overview, steps

README = "README.md"
_UP = "../../"  # from a component's folder to the repository's root


def text(folder: str, about: About, file: str, source: str, command: str) -> str:
    """The README of the component in `folder`, whose code is described in `file`; `command` makes it again."""
    name = PurePosixPath(folder).name
    inside, found = file.removeprefix(f"{folder}/"), steps(source)
    return "\n".join(
        [
            f"<!-- Made by `{command}` from {METADATA}, {OWNERS} and {inside}: do not edit. -->",
            "",
            f"# {name.replace('_', ' ').capitalize()}",
            "",
            *_stability(about.metadata),
            overview(source),
            "",
            *(("## Steps", "") if found else ()),
            *(line for step in found for line in _step(step)),
            "## About it",
            "",
            *_about(folder, about),
            "",
        ]
    )


def _stability(metadata: Mapping[str, Any]) -> list[str]:
    stability = metadata.get("stability", "stable")
    return [] if stability == "stable" else [f"> **{stability}**: it may still change.", ""]


def _step(step: Step) -> Iterator[str]:
    yield from (f"### `{step.name}`", "", step.text, "")
    if step.inputs:
        yield from ("| input | type | default |", "| --- | --- | --- |", *map(_input, step.inputs), "")
    if step.outputs:
        yield from ("| output | type |", "| --- | --- |", *map(_output, step.outputs), "")


def _input(value: Value) -> str:
    return f"| `{value.name}` | {_code(value.type)} | {_code(value.default)} |"


def _output(value: Value) -> str:
    return f"| `{value.name}` | {_code(value.type)} |"


def _code(written: str) -> str:
    return f"`{written}`".replace("|", "\\|") if written else ""


def _about(folder: str, about: About) -> Iterator[str]:
    metadata = about.metadata
    dependencies = metadata.get("dependencies", {})
    yield f"- Image: `docker build --file {folder}/Dockerfile .`, from the repository's root"
    yield f"- Kubeflow: {_versions(dependencies.get('kubeflow', ()))}"
    if services := dependencies.get("external_services"):
        yield f"- External services: {_versions(services)}"
    if tags := metadata.get("tags"):
        yield f"- Tags: {', '.join(tags)}"
    yield f"- Last verified: {str(metadata.get('lastVerified', ''))[:10]}"
    for role in ("approvers", "reviewers"):
        if people := about.owners.get(role):
            yield f"- {role.capitalize()}: {', '.join(people)}"
    for title, link in metadata.get("links", {}).items():
        shown = link if "://" in link else f"[{link}]({_UP}{link})"
        yield f"- {title.replace('_', ' ').capitalize()}: {shown}"


def _versions(dependencies: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(f"{each['name']} {each['version']}" for each in dependencies)
