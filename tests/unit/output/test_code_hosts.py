"""Findings as code hosts read them: whole, at their lines, and with nothing in them that is taken for a command."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from generators.model import Finding, Place
from generators.output.github import to_commands
from generators.output.sarif import to_sarif

ERROR = Finding("invalid", "schema", "type", Place("environments/prod.yml", 24, 17), "epochs", "is no number", "x", "1")
DENIED = Finding("denied", "policy", "images-by-digest", Place("rendered/prod/a/b.yaml", 3, 1), "spec", "no digest")
WARNING = Finding("warning", "read", "redundant", Place("base/defaults.yml", 2, 3), "", "says it again", fix="leave it")
UNCHECKED = Finding("unchecked", "schema", "kind", Place("a b%.yaml", 0, 0), "", "is of an unknown kind")
NOWHERE = Finding("invalid", "use", "refused", Place("", 0, 0), "", "there is no environment prd")
ALL = [ERROR, DENIED, WARNING, UNCHECKED, NOWHERE]
HOSTILE = "100%\r\n::error file=x::boo\n::set-output name=a::b, c:d \u2028\x1b[31m [see](https://evil.test)"

# What SARIF 2.1.0 requires of the objects that are written here, by the sections of its specification.
_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}  # 3.11
_LEVEL = {"enum": ["none", "note", "warning", "error"]}  # 3.27.10
_REGION = {  # 3.30
    "type": "object",
    "required": ["startLine"],
    "properties": {key: {"type": "integer", "minimum": 1} for key in ("startLine", "startColumn")},
    "additionalProperties": False,
}
_LOCATION = {  # 3.28, 3.29, 3.4
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "id": {"type": "integer", "minimum": 0},
        "physicalLocation": {
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "required": ["uri", "uriBaseId"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[\w.~!$&'()*+,;=:@/%-]+$"}},
                    "additionalProperties": {"type": "string"},
                },
                "region": _REGION,
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
_RESULT = {  # 3.27
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": _LEVEL,
        "message": _TEXT,
        "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": _LOCATION},
        "relatedLocations": {"type": "array", "uniqueItems": True, "items": _LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
_NOTIFICATION = {"type": "object", "required": ["message"], "properties": {"level": _LEVEL, "message": _TEXT}}  # 3.58
_INVOCATION = {  # 3.20
    "type": "object",
    "required": ["executionSuccessful"],
    "properties": {
        "executionSuccessful": {"type": "boolean"},
        "toolExecutionNotifications": {"type": "array", "items": _NOTIFICATION},
    },
    "additionalProperties": False,
}
_RULE = {"type": "object", "required": ["id", "shortDescription"], "properties": {"shortDescription": _TEXT}}  # 3.49
_DRIVER = {  # 3.19
    "type": "object",
    "required": ["name", "version", "rules"],
    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": _RULE}},
}
_RUN = {  # 3.14
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": _DRIVER}},  # 3.18
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": {"type": "array", "items": _INVOCATION},
        "results": {"type": "array", "items": _RESULT},
    },
    "additionalProperties": False,
}
SARIF = {  # 3.13
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": _RUN},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize("findings", [[], [ERROR], ALL], ids=["none", "one", "all"])
def test_sarif_has_what_its_specification_requires(findings: list[Finding]) -> None:
    assert list(Draft7Validator(SARIF).iter_errors(json.loads(to_sarif(findings)))) == []


def test_sarif_says_which_rule_where_and_how_bad() -> None:
    (run,) = json.loads(to_sarif(ALL))["runs"]
    said = {
        (
            run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"],
            unquote(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]),
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
            result["level"],
        )
        for result in run["results"]
    }

    assert said == {
        ("schema/type", "environments/prod.yml", 24, "error"),
        ("policy/images-by-digest", "rendered/prod/a/b.yaml", 3, "error"),
        ("read/redundant", "base/defaults.yml", 2, "warning"),
        ("schema/kind", "a b%.yaml", 1, "error"),
    }


def test_sarif_tells_what_is_about_no_file_as_a_failed_call() -> None:
    (invocation,) = json.loads(to_sarif([NOWHERE]))["runs"][0]["invocations"]

    assert invocation["executionSuccessful"] is False
    assert "prd" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_finding_of_a_rendered_file_stands_at_the_line_that_asks_for_it() -> None:
    asked = Place("environments/prod.yml", 30, 5)

    (result,) = json.loads(to_sarif([DENIED], lambda each: [asked, each.place]))["runs"][0]["results"]
    command = to_commands([DENIED], lambda each: [asked, each.place])

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 30, "startColumn": 5}
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == DENIED.place.file
    assert command.startswith("::error file=environments/prod.yml,line=30,col=5,title=")
    assert "in rendered/prod/a/b.yaml:3:1" in command


def test_hostile_text_makes_no_link_in_sarif() -> None:
    hostile = Finding("invalid", "schema", "type", Place("a.yml"), "", HOSTILE)

    (result,) = json.loads(to_sarif([hostile]))["runs"][0]["results"]

    assert not re.search(r"(?<!\\)\]\(", result["message"]["text"])
    assert "\x1b" not in result["message"]["text"]


def test_a_command_has_the_place_and_all_that_is_said() -> None:
    command, counted = to_commands([ERROR]).splitlines()

    assert command == (
        "::error file=environments/prod.yml,line=24,col=17,title=graft schema/type"
        "::epochs: is no number%0A  found    x%0A  allowed  1"
    )
    assert counted == "1 error in 1 file"


def test_a_warning_and_what_has_no_place_are_commands_too() -> None:
    commands = to_commands([WARNING, NOWHERE]).splitlines()

    assert commands[0] == "::error title=graft use/refused::there is no environment prd"
    assert commands[1].startswith("::warning file=base/defaults.yml,line=2,col=3,")


@pytest.mark.parametrize("field", ["path", "message", "found", "allowed", "fix", "rule"])
def test_hostile_text_is_one_command(field: str) -> None:
    values = {"path": "", "message": "m", "found": "", "allowed": "", "fix": "", "rule": "r", field: HOSTILE}
    hostile = Finding("invalid", "schema", place=Place("a.yml"), **values)

    first, *others = to_commands([hostile]).split("\n")

    assert first.startswith("::error file=a.yml,line=1,col=1,title=graft ")
    assert others == ["1 error in 1 file", ""]
    assert "::boo" not in first.split("::", 2)[1]


@given(st.text(min_size=1), st.text())
def test_whatever_a_file_is_called_a_command_names_it(name: str, message: str) -> None:
    command, _ = to_commands([Finding("invalid", "c", "r", Place(name, 7, 2), "", message)]).rsplit("\n", 2)[:2]
    properties = dict(pair.split("=", 1) for pair in command.removeprefix("::error ").split("::", 1)[0].split(","))

    assert "\n" not in command and "\r" not in command
    assert unquote(properties["file"], errors="surrogatepass") == unquote(name.replace("%", "%25"))
    assert properties["line"] == "7"
