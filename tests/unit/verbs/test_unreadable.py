"""Whatever an input holds, and whatever its name is, it ends in findings or in a message, never in a traceback."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generators.errors import GraftError, Refused
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report
from generators.verbs import check, explain, render

Edit = Callable[[Path, str, str], None]
PROD = "environments/prod.yml"
LABELS, DIGITS = "labels: {team: greeters}", "7" * 5000
NUMBERS = {
    "decimal": DIGITS,
    "octal": f"0{DIGITS}",
    "octal of YAML 1.2": f"0o{DIGITS}",
    "hexadecimal": f"0x{DIGITS}",
    "with underscores": f"7_{DIGITS}",
    "hexadecimal with underscores": f"0x_{DIGITS}",
    "base 60": f"{DIGITS}:10",
    "a fraction": f"{DIGITS}.5",
    "an exponent": f"1e{DIGITS}",
}


def _failing(tiny: Path) -> list[Finding]:
    return [finding for finding in check.check(Repository(tiny)) if finding.failing]


@pytest.mark.parametrize("what", NUMBERS)
def test_a_number_of_five_thousand_digits_is_refused_at_its_line(tiny: Path, edit: Edit, what: str) -> None:
    edit(tiny / PROD, "{times: 2}", f"{{times: {NUMBERS[what]}}}")

    findings = _failing(tiny)

    assert {(each.place.file, each.place.line) for each in findings} == {(PROD, 32)}
    assert any(each.check == "read" and "in quotes" in each.fix for each in findings)


@pytest.mark.parametrize("depth", [11, 60, 900, 5000])
def test_references_nested_too_deep_are_one_finding(tiny: Path, edit: Edit, depth: int) -> None:
    edit(tiny / PROD, LABELS, f'labels: {{team: "{"${" * depth}a{"}" * depth}"}}')

    (finding,) = _failing(tiny)

    assert (finding.rule, finding.place.line) == ("reference-depth", 17)
    with pytest.raises(Refused):
        render.render(Repository(tiny))
    with pytest.raises(Refused):
        explain.explain(Repository(tiny), "prod", "labels")


SCHEMAS = [
    "schemas/merged/environment.schema.json",
    "schemas/environment.schema.json",
    "schemas/base.schema.json",
    "schemas/parameters/greet.schema.json",
    "schemas/objects/example.org/Widget.schema.json",
]
CONTENTS = {
    "a list": "[]",
    "null": "null",
    "a number": "3",
    "a text": '"a"',
    "false": "false",
    "too deep": "[" * 3000 + "]" * 3000,
    "a long number": f'{{"maximum": {DIGITS}}}',
    "lists inside": '{"properties": []}',
}


@pytest.mark.parametrize("what", CONTENTS)
@pytest.mark.parametrize("file", SCHEMAS)
def test_a_schema_that_is_none_is_named(tiny: Path, file: str, what: str) -> None:
    (tiny / file).parent.mkdir(exist_ok=True)
    (tiny / file).write_text(CONTENTS[what])

    try:
        told = [f"{finding.message} {finding.fix}" for finding in _failing(tiny)]
    except GraftError as error:
        told = [f"{error.message} {error.fix}"]

    assert told and all(file in each and "restore it" in each for each in told)


@pytest.mark.parametrize("content", ['{"type": "object"}', '{"$defs": {"cluster": {"properties": []}}}'])
def test_a_schema_without_clusters_is_named(tiny: Path, content: str) -> None:
    file = "schemas/merged/environment.schema.json"
    (tiny / file).write_text(content)

    with pytest.raises(GraftError, match=file):
        check.check(Repository(tiny))


FOLDERS = ["environments", "base/pipelines", "components/greeter/src/greeter", "definitions/greet"]


@pytest.mark.parametrize("name", [b"caf\xe9.yml", b"caf\xe9.json"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_file_whose_name_is_not_utf8_is_a_finding(tiny: Path, folder: str, name: bytes) -> None:
    (tiny / folder / os.fsdecode(name)).write_text("parameters: {}\n")

    (finding,) = [finding for finding in _failing(tiny) if finding.rule == "file-name"]

    assert finding.place.file.startswith(f"{folder}/caf") and finding.message == "the file's name is not UTF-8"
    assert "caf" in report.to_text([finding]).encode().decode() and json.loads(report.to_json([finding]))


def test_a_pipeline_that_is_not_utf8_is_a_finding_at_its_line(tiny: Path) -> None:
    module = tiny / "generators/pipelines/greet.py"
    module.write_bytes(module.read_bytes().replace(b'"Hello"', b'"Gr\xfc\xdfe"'))

    (finding,) = _failing(tiny)

    assert (finding.place.file, finding.place.line) == ("generators/pipelines/greet.py", 10)


def _at(*path: str, value: Any = None) -> Callable[[dict], None]:
    """Sets what stands at a path, or with None removes it."""

    def change(content: dict) -> None:
        for key in path[:-1]:
            content = content[key]
        if value is None:
            del content[path[-1]]
        else:
            content[path[-1]] = value

    return change


SPEC = "pipelineSpec"
TASKS = (SPEC, "root", "dag", "tasks")
LOOP = (SPEC, "components", "comp-for-loop-1", "dag", "tasks", "greet", "componentRef", "name")
BROKEN = {
    "no root": _at(SPEC, "root"),
    "no components": _at(SPEC, "components"),
    "no deploymentSpec": _at(SPEC, "deploymentSpec"),
    "no pipelineSpec": _at(SPEC),
    "no sources": _at("sources"),
    "a list for the spec": _at(SPEC, value=[]),
    "a list for components": _at(SPEC, "components", value=[]),
    "a list for a component": _at(SPEC, "components", "comp-greet", value=[]),
    "a list for tasks": _at(*TASKS, value=[]),
    "a list for executors": _at(SPEC, "deploymentSpec", "executors", value=[]),
    "a list for parameters": _at(SPEC, "root", "inputDefinitions", "parameters", value=[]),
    "a list for the platform": _at("platformSpec", value=[]),
    "a component of nothing": _at(*TASKS, "collect", "componentRef", "name", value="comp-nothing"),
    "an executor of nothing": _at(SPEC, "components", "comp-greet", "executorLabel", value="exec-nothing"),
    "a component that contains itself": _at(*LOOP, value="comp-for-loop-1"),
    "another schema": _at(SPEC, "schemaVersion", value="2.0.0"),
    "a list for sources": _at("sources", value=[]),
    "a list for a source": _at("sources", "greeter", value=[]),
    "a word for a source": _at("sources", "greeter", value="newest"),
    "a source of nothing": _at("sources", "other", value={}),
    "one key more": _at("more", value=1),
}
TEXTS = {
    "null": "null\n",
    "a list": "[]\n",
    "nothing": "",
    "half of it": '{"pipelineSpec": {',
    "too deep": "[" * 100_000,
    "a long number": f'{{"pipelineSpec": {DIGITS}}}',
}


def _pin(tiny: Path, edit: Edit, text: str) -> str:
    file = f"definitions/greet/{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"
    (tiny / file).write_text(text)
    edit(tiny / PROD, "4dbb8e3ec3", Path(file).stem)
    return file


def _refused(tiny: Path, file: str) -> None:
    findings = _failing(tiny)
    assert findings and all(file in f"{finding.place} {finding.message}" for finding in findings)
    with pytest.raises(Refused):
        render.render(Repository(tiny))
    with pytest.raises(Refused, match="finding"):
        explain.explain(Repository(tiny), "prod", "pipelines.greet.parameters.rate")


@pytest.mark.parametrize("what", BROKEN)
def test_a_pinned_definition_of_broken_content_is_a_finding(tiny: Path, edit: Edit, what: str) -> None:
    content = json.loads((tiny / "definitions/greet/4dbb8e3ec3.json").read_text())
    BROKEN[what](content)

    _refused(tiny, _pin(tiny, edit, json.dumps(content, indent=1)))


@pytest.mark.parametrize("what", TEXTS)
def test_a_pinned_definition_that_is_none_is_a_finding(tiny: Path, edit: Edit, what: str) -> None:
    _refused(tiny, _pin(tiny, edit, TEXTS[what]))


@pytest.mark.parametrize("value", ["null", "5", "[]", "true", "[a]", "1.5"])
def test_a_value_of_neither_of_two_types_is_a_finding(tiny: Path, value: str) -> None:
    prod = tiny / PROD
    lines = prod.read_text().splitlines()
    at = lines.index("  images:")
    prod.write_text("\n".join([*lines[:at], f"  images: {{greeter: {value}}}", *lines[at + 2 :], ""]))

    found = check.check(Repository(tiny))

    assert any("greeter" in finding.path and finding.place.line == at + 1 for finding in found), report.to_text(found)
