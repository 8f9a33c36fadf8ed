"""Findings as SARIF 2.1.0, which code hosts and editors show at the lines that they are about.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html, with what GitHub asks
of a file besides: each result has a region, and each rule a description.
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from generators.model import Finding, Place
from generators.output import report
from generators.output.digest import digest
from generators.output.limited import limited
from generators.output.masking import masked_finding
from generators.output.report import Locate

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"  # what paths are relative to: the top of the Git repository


def to_sarif(findings: Iterable[Finding], locate: Locate = report.as_it_is) -> str:
    """One run of graft; what is about no file is a notification of it, since a result needs a place."""
    kept, more = limited(report.in_order(findings), lambda finding: finding.place.file)
    found = [masked_finding(finding) for finding in kept]
    placed = [finding for finding in found if finding.place.file]
    rules = sorted({rule_of(finding) for finding in placed})
    run = {
        "tool": {"driver": {"name": "graft", "version": version("graft"), "rules": [_rule(rule) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation([each for each in found if not each.place.file], report.rest_lines(more))],
        "results": [_result(finding, rules, locate(finding)) for finding in placed],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def rule_of(finding: Finding) -> str:
    """The name of the rule that a finding is of, with the check that it is in."""
    return "/".join(filter(None, (finding.check, finding.rule)))


def _rule(rule: str) -> dict[str, Any]:
    return {"id": rule, "shortDescription": {"text": f"graft check: {rule}"}}


def _invocation(notes: Sequence[Finding], rest: Sequence[str]) -> dict[str, Any]:
    told = [{"level": _level(note), "message": _message(note)} for note in notes]
    told += [{"level": "warning", "message": {"text": line}} for line in rest]
    return {"executionSuccessful": not any(note.failing for note in notes), "toolExecutionNotifications": told}


def _result(finding: Finding, rules: Sequence[str], places: Sequence[Place]) -> dict[str, Any]:
    rule, (place, *others) = rule_of(finding), places
    related = [{"id": number, **_location(other)} for number, other in enumerate(others)]
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": _level(finding),
        "message": _message(finding),
        "locations": [_location(place)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"graft/v1": digest(rule, place.file, finding.path, finding.message)},
        "properties": {"verdict": finding.verdict, "path": finding.path},
    }


def _location(place: Place) -> dict[str, Any]:
    """A place; what is about a whole file stands at its first line."""
    column = {"startColumn": place.column} if place.line else {}
    file = {"uri": quote(place.file), "uriBaseId": _ROOT}
    return {"physicalLocation": {"artifactLocation": file, "region": {"startLine": place.line or 1, **column}}}


def _level(finding: Finding) -> str:
    return "error" if finding.failing else "warning"


def _message(finding: Finding) -> dict[str, str]:
    """What is said of it; `](` would make a link of text that nobody has vetted."""
    return {"text": "\n".join(report.without_place(finding)).replace("](", "\\]\\(")}
