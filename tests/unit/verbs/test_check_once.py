"""A mistake is told once: nothing is said of what only follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.output import report
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
PROD = "environments/prod.yml"


DIGEST = f'"sha256:{"1" * 64}"'
IMAGE = f'"723f2352": {DIGEST}'
STEP = "people/greet: {accelerator: optional}"
LABELS = "labels: {team: greeters}"


@pytest.mark.parametrize("key", ["uri", "url", "namespace"])
def test_a_number_where_text_is_wanted_is_one_mistake(tiny: Path, key: str) -> None:
    text = (tiny / PROD).read_text()
    (tiny / PROD).write_text(re.sub(rf"^( +){key}: .*$", rf"\1{key}: 5", text, flags=re.MULTILINE))

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing and finding.check != "stale"]

    assert [finding.message for finding in findings if finding.place.file == PROD] == [
        "expected text, found a whole number"
    ], report.to_text(findings)


def test_a_mistake_brings_no_findings_that_are_not_about_it(tiny: Path, edit: Edit) -> None:
    edit(tiny / PROD, IMAGE, '"723f2352": ""')

    assert len([finding for finding in check.check(Repository(tiny)) if finding.failing]) == 1


GUESSED = {
    "a word for a hash": ('definition: "4dbb8e3ec3"', "definition: head"),
    "a word for head": ('definition: "4dbb8e3ec3"', "track: main"),
    "a number for a quantity": (LABELS, "resources: {small: {cpu: 8}}"),
    "nothing for a password": ("password: {secret: mlflow-database, key: password}", "password: {key: password}"),
    "a number for images": (f"\n    greeter: {{{IMAGE}}}", " 3"),
    "a unit that is none for a capacity": ("memory: 32Gi", "memory: 32GB"),
    "a word for an accelerator's capacity": ('gpu: "4"', "gpu: four"),
    "no such class": ("[defaults, pipelines.greet]", "[defaults]"),
    "a misspelt class": ("[defaults, pipelines.greet]", "[defaults, pipelines.gret]"),
    "a misspelt key for the classes": ("classes: [", "clases: ["),
    "a misspelt key for the pipelines": ("  pipelines:", "  pipelnes:"),
    "a misspelt key for the namespace": ("  namespace:", "  namspace:"),
    "a misspelt key for a definition": ("      definition:", "      defintion:"),
}


@pytest.mark.parametrize("what", GUESSED)
def test_what_follows_from_a_guess_is_not_said(tiny: Path, edit: Edit, what: str) -> None:
    edit(tiny / PROD, *GUESSED[what])

    findings = [found for found in check.check(Repository(tiny)) if found.failing or found.rule == "parallelism"]

    assert len(findings) == 1, report.to_text(findings)


@pytest.mark.parametrize("key", ["parameters", "pipelines", "steps"])
def test_what_follows_from_a_misspelt_key_of_a_class_is_not_said(tiny: Path, edit: Edit, key: str) -> None:
    edit(
        tiny / "base/pipelines/greet.yml",
        f" {key}:\n" if key != "parameters" else "\nparameters:",
        f" {key}s:\n" if key != "parameters" else "\nparametrs:",
    )

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing and finding.check != "stale"]

    assert len(findings) == 1, report.to_text(findings)


ONCE = {  # a mistake, the one line that is found, and what to do
    "a number with a zero at its end": (LABELS, "env: {V: 1.10}", "1.10", 'write "1.10", with quotes'),
    "a number in hexadecimal": (LABELS, "env: {V: 0x1F}", "0x1F", 'write "0x1F", with quotes'),
    "a number to some readers, for text": (LABELS, "env: {V: 1e3}", "1e3", 'write "1e3", with quotes'),
    "a word for false": (STEP, "people/greet: {cache: no}", "no", 'write false, or "no" if it is text'),
    "a number with underscores": ("{times: 2}", "{times: 1_000}", "1_000", "write 1000"),
    "a number in base 8": (STEP, "people/greet: {retry: {count: 010}}", "010", "write 10, or 8 if octal was meant"),
    "no number": ("{times: 2}", "{rate: .nan}", ".nan", "write a finite number"),
    "a word for true": ("{times: 2}", "{word: on}", "on", 'write true, or "on" if it is text'),
    "a hash without quotes": ('"4dbb8e3ec3"', "064e719", "064e719", 'write "064e719" in quotes'),
    "a class for classes": ("classes: [defaults, pipelines.greet]", "classes: defaults", "", "write `classes: ["),
    "a hash cut short": ('"4dbb8e3ec3"', "4dbb8e3e", "4dbb8e3e", 'write "4dbb8e3ec3"'),
    "a hash in capitals": ('"4dbb8e3ec3"', "4DBB8E3EC3", "4DBB8E3EC3", 'write "4dbb8e3ec3"'),
    "a step by its last name": (STEP, "greet: {accelerator: optional}", "greet", "did you mean people/greet?"),
    "a list for a mapping": (f"\n        {STEP}", " [x]", '["x"]', "write a mapping"),
    "an alias": ("{times: 2}", "*a", "*a", 'use a reference, "${a:b}"'),
    "a size by its bare name": (STEP, "people/greet: {resources: small}", "small", 'write "${resources:small}"'),
    "another's size": (STEP, "people/greet: {~resources: small}", "small", 'write "${resources:small}"'),
    "a device for a resource": (STEP, 'people/greet: {resources: {gpu: "1"}}', "gpu: 1", "write accelerator: optional"),
    "a number for a duration": (STEP, "people/greet: {timeout: 3}", "3", "for example 2h"),
    "a number for memory": (LABELS, "resources: {small: {memory: 32}}", "32", "for example 4Gi"),
    "a number for a retry": (STEP, "people/greet: {retry: 3}", "3", "write {count: 3}"),
    "a misspelt image of a step": (STEP, "people/greet: {image: greter}", "greter", "did you mean greeter?"),
    "a word for a list": (STEP, "people/greet: {~uses: database}", "database", "write [database]"),
    "true for a word": (LABELS, "unbuilt_images: true", "true", "write one of them"),
    "no space after a colon": ("{times: 2}", "{times:2}", "times:2: null", "write times: 2, with a space"),
    "a slip of indentation": (f"      steps:\n        {STEP}", f"    steps:\n      {STEP}", "steps", "indent it below"),
    "a URL of another scheme": (
        "https://east.prod.test",
        "http://east.prod.test",
        "http://east.prod.test",
        "for example",
    ),
}


@pytest.mark.parametrize("what", ONCE)
def test_a_mistake_is_told_once_as_it_was_written_with_what_to_write(tiny: Path, edit: Edit, what: str) -> None:
    old, new, found, fix = ONCE[what]
    edit(tiny / PROD, old, new)

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    (finding,) = report.in_order(findings)
    assert (finding.found, finding.fix[: len(fix)]) == (found, fix)


def test_what_no_step_uses_is_not_said_where_a_reference_is_misspelt(tiny: Path, edit: Edit) -> None:
    file = tiny / "base/pipelines/greet.yml"
    file.write_text(file.read_text().replace("${resources:small}", "${resources:smal}"))
    edit(tiny / PROD, LABELS, "resources: {small: {cpu: '2'}}")

    findings = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert {finding.rule for finding in findings} == {"bad-reference"}, report.to_text(findings)


BROKEN_ELSEWHERE = {
    "a schema of parameters": ("schemas/parameters/greet.schema.json", "{"),
    "a schema of parameters that is none": ("schemas/parameters/greet.schema.json", '{"type": "objct"}'),
    "a schema of objects": ("schemas/objects/example.org/Foo.schema.json", "{"),
    "a schema of inputs": ("schemas/environment.schema.json", ""),
}


@pytest.mark.parametrize("what", BROKEN_ELSEWHERE)
def test_a_broken_file_of_the_repository_is_named(tiny: Path, what: str) -> None:
    file, text = BROKEN_ELSEWHERE[what]
    (tiny / file).parent.mkdir(exist_ok=True)
    (tiny / file).write_text(text)

    try:
        told = [f"{finding.message} {finding.fix}" for finding in check.check(Repository(tiny)) if finding.failing]
    except GraftError as error:  # nothing can be checked without it
        told = [f"{error.message} {error.fix}"]

    assert told and all(file in each and "restore it" in each for each in told)


def test_a_schema_of_parameters_that_is_broken_is_told_once_at_its_line(tiny: Path) -> None:
    (tiny / "schemas/parameters").mkdir(exist_ok=True)
    (tiny / "schemas/parameters/greet.schema.json").write_text('{\n"type": "object"}}\n')

    (finding,) = report.in_order(each for each in check.check(Repository(tiny)) if each.failing)

    assert str(finding.place) == "schemas/parameters/greet.schema.json:2:18"


def test_a_mistake_in_base_is_reported_once(tiny: Path, edit: Edit) -> None:
    edit(tiny / "base/pipelines/greet.yml", "word: Good morning", "wrd: Good morning")

    found = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    (finding,) = report.in_order(found)
    assert (finding.place.file, finding.place.line) == ("base/pipelines/greet.yml", 6)
    assert finding.found == "wrd: Good morning"
