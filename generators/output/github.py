"""Findings as workflow commands, which GitHub shows at the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message; what is
escaped, and how, is in https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts. GitHub shows ten
errors and ten warnings of a step beside the lines, and the others in its log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generators.model import Finding, Place
from generators.output import report
from generators.output.limited import limited
from generators.output.report import Locate
from generators.output.sarif import rule_of

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def to_commands(findings: Iterable[Finding], locate: Locate = report.as_it_is) -> str:
    """A command for each finding that is shown, then how many more there are, and the line that counts them."""
    found = report.in_order(findings)
    shown, more = limited(found, lambda finding: finding.place.file)
    commands = [_command(finding, locate(finding)) for finding in shown]
    return "\n".join([*commands, *report.rest_lines(more), report.summary(found)]) + "\n"


def _command(finding: Finding, places: Sequence[Place]) -> str:
    place, *others = places
    where = {"file": place.file, "line": str(place.line or ""), "col": str(place.column if place.line else "")}
    properties = {**where, "title": f"graft {rule_of(finding)}"}
    given = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items() if value)
    lines = [*report.without_place(finding), *(f"  in {other}" for other in others)]
    return f"::{'error' if finding.failing else 'warning'} {given}::{chr(10).join(lines).translate(_DATA)}"
