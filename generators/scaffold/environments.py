"""Edits of environments' files for what is new: a pipeline, a cluster, and an environment made from another."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from generators.errors import GraftError
from generators.inventory.edit import appended, renamed, with_value, without_value
from generators.inventory.layers import class_of
from generators.inventory.paths import KeyPath
from generators.inventory.read import Node, find, plain, read_document
from generators.model import Place

_TITLE = re.compile(r"(?:^#(?! yaml-language-server).*\n)+", re.MULTILINE)


def with_pipeline(text: str, file: str, pipeline: str) -> str:
    """The text of `file` with the class of a pipeline, and the pipeline itself, which tracks its head.

    GraftError where the file is written in a way that cannot be added to, with what to add by hand.
    """
    try:
        listed = appended(text, file, ("classes",), Node(class_of(pipeline), Place(file)))
        return with_value(listed, file, ("parameters", "pipelines", pipeline, "track"), Node("head", Place(file)))
    except GraftError as problem:
        by_hand = f"add {class_of(pipeline)} to classes, and pipelines.{pipeline}: {{track: head}}, by hand"
        message = problem.message.removeprefix(f"{file} ")
        raise GraftError(f"{file} cannot be added to: {message}", by_hand) from problem


def with_cluster(text: str, file: str, name: str, facts: Mapping[str, Any]) -> str:
    """The text of `file` with one more cluster; GraftError where it has one of that name."""
    path = ("parameters", "clusters", name)
    if find(read_document(file, text).root, path):
        raise GraftError(f"{file} has a cluster {name} already", "take another name")
    return with_value(text, file, path, _node(facts, file))


def made_from(text: str, file: str, source: str, name: str) -> str:
    """The text of an environment `name`, made from that of `source`: what no two may share has the new name.

    That is the namespace, the database and the bucket; clusters that are named after the environment are renamed, and
    nothing is held.
    """
    said = plain(read_document(file, text).root).get("parameters") or {}
    title = f"# {name.capitalize()}: made from {source}.\n"
    text = _TITLE.sub(lambda _: title, text, count=1) if _TITLE.search(text) else f"{title}{text}"
    for path, value in _own(said, source, name).items():
        text = with_value(text, file, ("parameters", *path), _node(value, file))
    for cluster in said.get("clusters") or {}:
        if cluster.startswith(f"{source}-"):
            text = renamed(text, file, ("parameters", "clusters", cluster), f"{name}{cluster.removeprefix(source)}")
            text = _renamed_in_pipelines(text, file, said, cluster, f"{name}{cluster.removeprefix(source)}")
    for pipeline, settings in (said.get("pipelines") or {}).items():
        if "hold" in (settings or {}):
            text = without_value(text, file, ("parameters", "pipelines", pipeline, "hold"))
    return text


def _own(said: Mapping[str, Any], source: str, name: str) -> dict[KeyPath, str]:
    """The values that no two environments may share, by their paths."""
    found: dict[KeyPath, str] = {("environment",): name}
    if namespace := said.get("namespace"):
        found[("namespace",)] = _with(namespace, source, name, f"{namespace}-{name}")
    if url := (said.get("database") or {}).get("url"):
        found[("database", "url")] = _database(url, name)
    if uri := (said.get("storage") or {}).get("uri"):
        found[("storage", "uri")] = _with(uri, source, name, f"{uri.rstrip('/')}-{name}")
    return found


def _with(text: str, source: str, name: str, otherwise: str) -> str:
    """A text with one name in the other's place, where it stands as a word."""
    made = re.sub(rf"(?<![a-z0-9]){re.escape(source)}(?![a-z0-9])", name, text)
    return made if made != text else otherwise


def _database(url: str, name: str) -> str:
    """Another database of the same server, or another file."""
    address, question, query = url.partition("?")
    stem, extension = posixpath.splitext(address) if address.startswith("sqlite:") else (address, "")
    return f"{stem}_{name.replace('-', '_')}{extension}{question}{query}"


def _renamed_in_pipelines(text: str, file: str, said: Mapping[str, Any], old: str, new: str) -> str:
    for pipeline, settings in (said.get("pipelines") or {}).items():
        for key in ("clusters", "~clusters"):
            if old in ((settings or {}).get(key) or ()):
                path = ("parameters", "pipelines", pipeline, "clusters", settings[key].index(old))
                text = with_value(text, file, path, _node(new, file))
    return text


def _node(value: Any, file: str) -> Node:
    place = Place(file)
    if isinstance(value, Mapping):
        return Node({key: _node(child, file) for key, child in value.items()}, place)
    return Node(value, place)
