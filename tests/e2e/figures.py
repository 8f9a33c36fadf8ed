"""The figures of a run: each test says some, and they are shown together at its end and kept as JSON.

A pytest plugin: a figure travels with its test's report, so that a worker of pytest-xdist passes it on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

REPORT = Path(__file__).parents[2] / ".graft" / "e2e" / "report.json"
PROPERTY = "figure"
GROUP = re.compile(r"@\w+$")  # what pytest-xdist appends to a test's name

Figure = Callable[[str, float], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """A function that notes what took how many seconds."""
    return lambda what, seconds: record_property(PROPERTY, (what, round(seconds, 2)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures as a table, and write them with what became of each test."""
    reports = [report for each in terminalreporter.stats.values() for report in each if is_outcome(report)]
    if not (noted := list(figures(reports))):
        return
    terminalreporter.section("figures, in seconds")
    width = max(len(what) for what, _ in noted)
    for what, seconds in noted:
        terminalreporter.write_line(f"{what:<{width}}  {seconds:8.2f}")
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    tests = {GROUP.sub("", report.nodeid): report.outcome for report in reports}
    REPORT.write_text(json.dumps({"seconds": dict(noted), "tests": tests}, indent=2) + "\n", "utf-8")


def is_outcome(report: object) -> bool:
    """Whether a report says what became of a test: that of its call, or of a fixture that did not let it begin."""
    return isinstance(report, pytest.TestReport) and (report.when == "call" or report.outcome != "passed")


def figures(reports: Iterable[pytest.TestReport]) -> Iterator[tuple[str, float]]:
    """All figures, in the order of the tests."""
    for report in reports:
        yield from (value for key, value in report.user_properties if key == PROPERTY)
