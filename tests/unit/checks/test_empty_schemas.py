"""A schema that accepts everything is refused by itself, without a base to compare it with."""

from __future__ import annotations

from pathlib import Path

import pytest

from generators.checks import empty_schemas
from generators.fleet import fleet
from generators.fleet.cache import Cache
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository

FILE = "schemas/parameters/greet.schema.json"


def said(repository: Path) -> list[tuple[str, str]]:
    found = empty_schemas.check_fleet(fleet.load(Repository(repository), Cache.of_user()), Rendering({}, ()))
    return [(each.verdict, each.place.file) for each in found]


@pytest.mark.parametrize(
    "text",
    ["{}", '{"title": "Parameters of greet"}', '{"anyOf": [true]}', '{"minimum": -1}', '{"if": false, "else": {}}'],
)
def test_a_schema_that_accepts_everything_is_refused(tiny: Path, text: str) -> None:
    (tiny / FILE).write_text(text)

    assert said(tiny) == [("invalid", FILE)]


def test_a_schema_that_cannot_be_read_is_refused_though_nothing_is_judged_by_it(tiny: Path) -> None:
    (tiny / FILE).write_text('{"type": "objekt"}')

    assert said(tiny) == [("invalid", FILE)]


def test_a_schema_that_refuses_something_passes(tiny: Path) -> None:
    (tiny / FILE).write_text('{"type": "object"}')

    assert said(tiny) == said(tiny) == []
