"""A credential in plain text is refused wherever a person may leave it, and is never shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from generators.checks import secrets
from generators.checks.given.contents import contents
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3  # not a credential
PASSWORD = "tr0ub4dor&3"  # not a credential


def _told(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    return [(each.place.file, each.place.line) for each in findings if each.check == "secrets"]


def _problems(file: str, text: str) -> list[Finding]:
    return [finding for _, finding in secrets.problems(file, text)]


PLANTED = {
    "environments/prod.yml": f"# left from a trial: {TOKEN}\n",
    "base/planted.yml": f"parameters:\n  pipelines:\n    greet:\n      parameters: {{DB_PASSWORD: '{PASSWORD}'}}\n",
    "components/greet/Dockerfile": f"ENV API_TOKEN={TOKEN}\n",
    "components/greet/requirements.txt": f"--extra-index-url https://ml:{PASSWORD}@pypi.internal/simple\n",
    "components/greet/src/planted.py": f'def login(password: str = "{PASSWORD}") -> None: ...\n',
    "approvals/planted.yml": f"why: the token is {TOKEN}\n",
}


def test_it_is_found_wherever_a_person_may_leave_it(tiny: Path) -> None:
    lines = {}
    for name, text in PLANTED.items():
        file = tiny / name
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text() if file.exists() else ""
        lines[name] = len((before + text).splitlines())
        file.write_text(before + text)

    found = check.check(Repository(tiny))

    assert sorted(_told(found)) == sorted(lines.items())
    printed = report.to_text(found) + report.to_json(found)
    assert TOKEN not in printed and PASSWORD not in printed


def test_what_a_definition_has_from_the_code_is_told_at_the_code(tiny: Path) -> None:
    (tiny / "generators/pipelines/planted.py").write_text(f'TOKEN = "{TOKEN}"\n')
    key = "f6E5d4C3b2A1" * 3  # not a credential
    (tiny / "definitions/greet/0000000000.json").write_text(f'{{"a": "{TOKEN}", "apiKey": "{key}"}}\n')

    told = _told(check.check(Repository(tiny)))

    assert told == [("generators/pipelines/planted.py", 1), ("definitions/greet/0000000000.json", 1)]


def test_what_the_code_says_is_none_is_none_in_a_definition(tiny: Path) -> None:
    (tiny / "generators/pipelines/planted.py").write_text(f'TOKEN = "{TOKEN}"  # not a credential\n')
    (tiny / "definitions/greet/0000000000.json").write_text(f'{{"a": "{TOKEN}"}}\n')

    assert _told(check.check(Repository(tiny))) == []


def test_a_line_that_says_it_is_none_is_taken_at_its_word() -> None:
    text = f"token: {TOKEN}  # not a credential: the example of the documentation\ntoken: {TOKEN}\n"

    assert [finding.place.line for finding in _problems("base/a.yml", text)] == [2]


def test_the_place_is_that_of_the_value(tiny: Path) -> None:
    (finding,) = _problems("base/a.yml", f"a: b\npassword: {PASSWORD}\n")

    assert (finding.place.line, finding.place.column) == (2, 11)
    assert finding.found == "(not shown)" and "secret" in finding.fix


@pytest.mark.parametrize("file", ["<stdin>", "a.yaml"])
def test_files_that_are_given_are_looked_through_too(file: str) -> None:
    given = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  db-password: {PASSWORD}\n"

    assert _told(contents(given, file).findings) == [(file, 5)]


def test_what_is_no_text_is_passed_over(tiny: Path) -> None:
    (tiny / "base/picture.bin").write_bytes(b"\0" + TOKEN.encode())

    assert _told(check.check(Repository(tiny))) == []
