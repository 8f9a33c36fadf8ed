"""Findings as people read them, and as JSON for programs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from generators.model import Finding, Place
from generators.output.limited import limited
from generators.output.masking import masked_finding
from generators.output.plain import printable

WIDTH = 100
_LONGEST = 500  # characters of a line of a message
# verdict: how it is called in text, its plural, its colour in a terminal
_VERDICTS = {
    "invalid": ("error", "errors", "red"),
    "denied": ("denied", "denied", "red"),
    "warning": ("warning", "warnings", "yellow"),
    "unchecked": ("not checked", "not checked", "magenta"),
}
# The place that a finding is shown at, and those that it is about besides.
Locate = Callable[[Finding], Sequence[Place]]
_LIST_AND_SOURCE = re.compile(r"(.*?)( \([^()]*\))?", re.DOTALL)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by file, line and column, changes of rules and then what fails first; the same finding met twice is one."""
    return sorted(
        dict.fromkeys(findings),
        key=lambda each: (_rank(each), each.place, each.path, each.rule, each.message),
    )


def _rank(finding: Finding) -> int:
    """Rules that are weaker than they were first: what all others are judged by; then what fails."""
    return 0 if finding.check == "rules" and finding.rule != "changed" else 1 if finding.failing else 2


def to_text(findings: Iterable[Finding]) -> str:
    """Return every finding with place, problem and next step, then a line that counts them.

    What is said of several places in the same words is said once, with the other places; of a file no more than `MOST`.
    """
    findings = in_order(findings)
    groups, rest = _told(alike(findings))
    return "\n".join([*(one(first, others) for first, *others in groups), *rest, summary(findings)]) + "\n"


def _told(groups: Iterable[list[Finding]]) -> tuple[list[list[Finding]], list[str]]:
    """The groups that are shown, and a line for each file that has more of them."""
    shown, more = limited(groups, lambda group: group[0].place.file)
    return shown, rest_lines(more)


def rest_lines(more: Mapping[str, int]) -> list[str]:
    """A line for each file of which not all is shown."""
    return [f"{file}: {number} more are not shown; mend these first" for file, number in more.items()]


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings in groups of those that say the same of different places, in the order of the first of each."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        said = each.verdict, each.check, each.rule, each.message, each.found, each.allowed, each.fix
        groups.setdefault(said, []).append(each)
    return list(groups.values())


def to_json(findings: Iterable[Finding]) -> str:
    """Return `{"summary": {...}, "findings": [...]}`, every text whole, so many of each file."""
    return as_json(findings, {}) + "\n"


def as_json(findings: Iterable[Finding], more: Mapping[str, Any]) -> str:
    """The JSON that every verb prints: the same two keys first, and then what it alone has to say."""
    return json.dumps({**document(findings), **more}, indent=2)


def document(findings: Iterable[Finding]) -> dict[str, Any]:
    """The findings with their summary, as JSON has them."""
    findings = in_order(findings)
    counted = Counter(finding.verdict for finding in findings)
    shown, more = limited(findings, lambda finding: finding.place.file)
    summed: dict[str, Any] = {**{verdict: counted[verdict] for verdict in _VERDICTS}, "files": _files(findings)}
    return {
        "summary": {**summed, **({"more": more} if more else {})},
        "findings": [_record(masked_finding(finding)) for finding in shown],
    }


def files(paths: Iterable[str], what: str) -> list[dict[str, str]]:
    """Files as every verb's JSON has them: the path, and what was done to it or what it is."""
    return [{"file": path, "what": what} for path in paths]


def as_it_is(finding: Finding) -> Sequence[Place]:
    """A finding is shown at its own place."""
    return (finding.place,)


def one(finding: Finding, others: Sequence[Finding] = ()) -> str:
    """Return the lines of one finding, without its end of line; `others` say the same of other places."""
    first, *lines = without_place(finding)
    lines = [": ".join(filter(None, (str(finding.place), _VERDICTS[finding.verdict][0], first))), *lines]
    if others:
        places = dict.fromkeys(f"{each.place.file}:{each.place.line}" for each in others)
        same = (
            f"{len(others)} more at this line" if set(places) == {f"{finding.place.file}:{finding.place.line}"} else ""
        )
        lines.append(f"  also     {same or shortened(', '.join(places))}")
    return "\n".join(map(printable, lines))


def without_place(finding: Finding) -> list[str]:
    """The lines of one finding without its place and its verdict, for what shows both itself."""
    finding = masked_finding(finding)
    message, *more = finding.message.splitlines() or [""]
    said = [": ".join(filter(None, (finding.path, message))), *(f"  {line}" for line in more)]
    lines = [line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..." for line in said]
    if finding.found:
        lines.append(f"  found    {shortened(finding.found)}")
    if finding.allowed:
        lines.append(f"  allowed  {shortened(finding.allowed)}")
    lines += [f"  {line}" for line in finding.fix.splitlines()]
    return list(map(printable, lines))


def summary(findings: Iterable[Finding]) -> str:
    """Return the last line of a report, such as `3 errors, 1 warning in 2 files`."""
    findings = list(findings)
    if not findings:
        return "no findings"
    counted = Counter(finding.verdict for finding in findings)
    parts = [f"{n} {_VERDICTS[verdict][n > 1]}" for verdict in _VERDICTS if (n := counted[verdict])]
    files = _files(findings)
    where = f" in {files} {'file' if files == 1 else 'files'}" if files else ""
    return f"{', '.join(parts)}{where}"


def shortened(text: str, width: int = WIDTH) -> str:
    """Cut a long list after a whole item, and keep the remark in parentheses that says where it comes from."""
    if len(text) <= width:
        return text
    items, source = _LIST_AND_SOURCE.fullmatch(text).groups(default="")
    if len(source) > width // 2:
        items, source = text, ""
    room = items[: max(width - len(source) - len(", ..."), 0)]
    whole = room.rpartition(", ")[0] if not items[len(room) :].startswith(", ") else room
    return f"{whole}, ...{source}" if whole else f"{room}...{source}"


def print_findings(
    findings: Iterable[Finding], stream: TextIO, output: str = "text", locate: Locate = as_it_is
) -> None:
    """Write the report to `stream` as `text`, `json`, `sarif` or `github`, in colour where a person is looking."""
    if output == "json":
        stream.write(to_json(findings))
    elif output == "sarif":
        from generators.output import sarif  # which words findings by what stands here

        stream.write(sarif.to_sarif(findings, locate))
    elif output == "github":
        from generators.output import github

        stream.write(github.to_commands(findings, locate))
    elif stream.isatty():
        _print_in_colour(in_order(findings), stream)
    else:
        stream.write(to_text(findings))


def _print_in_colour(findings: list[Finding], stream: TextIO) -> None:
    from rich.console import Console  # only a terminal is worth the time of its import
    from rich.text import Text

    console = Console(file=stream, soft_wrap=True)
    groups, rest = _told(alike(findings))
    for finding, *others in groups:
        word, _, colour = _VERDICTS[finding.verdict]
        text = Text(one(finding, others))
        text.highlight_regex(rf"(?<=: ){word}(?=: )", f"bold {colour}")
        console.print(text)
    for line in (*rest, summary(findings)):
        console.print(Text(line, style="bold"))


def _record(finding: Finding) -> dict[str, object]:
    return {
        "verdict": finding.verdict,
        "check": finding.check,
        "rule": finding.rule,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "path": finding.path,
        "message": finding.message,
        "found": finding.found,
        "allowed": finding.allowed,
        "fix": finding.fix,
    }


def _files(findings: Iterable[Finding]) -> int:
    """How many files have findings; an option of the command line, or what has no place, is none."""
    return len({finding.place.file for finding in findings if finding.place.line})
