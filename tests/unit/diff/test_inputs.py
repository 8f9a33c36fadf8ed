"""Each value of an input that is changed is named, also where nothing that is rendered follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generators.diff import compare
from generators.diff.model import Change
from generators.diff.text import to_text
from tests.unit.diff.conftest import NOW, Deployed
from tests.unit.diff.test_every_leaf import Way, leaves, mutated


def with_leaf(document: Any, path: Way) -> tuple[Any, str]:
    """A copy of a document with another value at a path, and what a line must say of it."""
    copied = _copied(document)
    return copied, mutated(copied, path)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(child) for key, child in value.items()}
    return [_copied(child) for child in value] if isinstance(value, list) else value


def changes_of(deployed: Deployed) -> Iterator[tuple[str, Change, str]]:
    for name, document in deployed.side.documents.items():
        for path in leaves(document):
            changed, wanted = with_leaf(document, path)
            head = replace(deployed.side, objects={}, documents={**deployed.side.documents, name: changed})
            yield f"{name}: {path}", compare(replace(deployed.side, objects={}), head, NOW), wanted


def test_each_leaf_of_the_inputs_is_named_by_some_line(deployed: Deployed) -> None:
    found = list(changes_of(deployed))

    assert len(found) > 150
    assert [where for where, change, wanted in found if wanted not in to_text(change).partition("\n")[2]] == []


def test_what_is_told_has_the_line_that_says_it(deployed: Deployed) -> None:
    document, _ = with_leaf(deployed.side.documents["prod"], ("pipelines", "greet", "parameters", "times"))
    documents = {**deployed.side.documents, "prod": document}
    change = compare(replace(deployed.side, objects={}), replace(deployed.side, objects={}, documents=documents), NOW)

    (each,) = change.inputs
    assert (each.path, each.before, each.after) == ("pipelines.greet.parameters.times", "2", "987654")
    assert (each.origin, each.environments, each.in_base) == ("environments/prod.yml:32", ("prod",), False)
