"""What belongs to one environment alone is refused in what another one runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
BASE = "base/pipelines/greet.yml"


def _leaks(folder: Path) -> list[Finding]:
    return [each for each in check.check(Repository(folder)) if each.check == "leaks"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("postgresql://db.prod.test:5432/other", "the host db.prod.test is prod's alone"),
        ("see https://east.prod.test/api", "the host east.prod.test is prod's alone"),
        ("s3://greet-prod/words.txt", "the bucket greet-prod is prod's alone"),
        ("x@sha256:" + "1" * 64, f"the digest sha256:{'1' * 64} is prod's alone"),
    ],
)
def test_it_is_told_at_the_line_that_says_it(tiny: Path, edit: Edit, value: str, words: str) -> None:
    edit(tiny / BASE, "PRAISE: well done", f'PRAISE: "{value}"')

    found = _leaks(tiny)

    assert {(each.place.file, each.place.line) for each in found} == {(BASE, 12)}
    assert {each.message for each in found} >= {f"{words}, and is in what staging runs"}
    assert all(each.found.startswith("rendered/") and "environments/" in each.fix for each in found)


def test_a_secret_of_one_environment_is_told_in_another(tiny: Path, edit: Edit) -> None:
    edit(
        tiny / BASE,
        "if-polite/praise: {",
        "if-polite/praise: {secrets: {WORD: {secret: praises-of-prod, key: word}}, ",
    )
    overlay = "people/greet: {accelerator: optional}"
    edit(
        tiny / "environments/prod.yml",
        overlay,
        overlay + "\n        if-polite/praise: {secrets: {WORD: {secret: praises-of-prod, key: word}}}",
    )

    assert {each.message for each in _leaks(tiny)} == {
        f"the Secret praises-of-prod is prod's alone, and is in what {environment} runs"
        for environment in ("staging", "local")
    }


@pytest.mark.parametrize("value", ["ml-db.prod.test.example", "xs3://greet-prod-eu/a", "greet-prod", "a word"])
def test_what_only_looks_like_it_is_not_told(tiny: Path, edit: Edit, value: str) -> None:
    edit(tiny / BASE, "PRAISE: well done", f'PRAISE: "{value}"')

    assert _leaks(tiny) == []


def test_what_two_environments_name_belongs_to_neither(tiny: Path, edit: Edit) -> None:
    edit(tiny / BASE, "PRAISE: well done", 'PRAISE: "https://words.test/x"')
    for name in ("prod", "staging"):
        file = tiny / f"environments/{name}.yml"
        file.write_text(file.read_text() + "      # a comment says https://db.prod.test\n")

    assert _leaks(tiny) == []
