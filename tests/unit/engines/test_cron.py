"""A schedule is read as the library of Kubernetes and Argo reads it, so that none is left without a run."""

from __future__ import annotations

import pytest

from generators.engines import cron


@pytest.mark.parametrize(
    "schedule",
    [
        "0 3 * * 1",
        "*/5 * * * *",
        "0 0-23/2 1,15 jan-mar MON-FRI",
        "? 0 ? * 0",
        "5/15 * * * *",
        "@daily",
        "@every 1h30m",
        "0 0 29 feb *",
        "0 0 31 2 mon",
        "0 0 1-31/2 2 *",
        "0 0 31 */2 *",
    ],
)
def test_what_argo_takes_has_no_problem(schedule: str) -> None:
    assert cron.problem(schedule) == ""


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("0 3 * *", "has 4 fields"),
        ("0 0 3 * * 1", "has 6 fields"),
        ("60 * * * *", "the minute '60' is not within 0 to 59"),
        ("* * 0 * *", "the day of the month '0' is not within 1 to 31"),
        ("* * * * 7", "the day of the week '7' is not within 0 to 6"),
        ("* * L * *", "the day of the month 'L' is not within 1 to 31"),
        ("* * * * 1#2", "is not a list of numbers"),
        ("* 5-3 * * *", "the hour '5-3' is an empty range"),
        ("*/0 * * * *", "the minute '*/0' is an empty range"),
        ("@reboot", "@reboot is not one of"),
        ("0 3 31 2 *", "the day 31 never comes in the month '2'"),
        ("0 3 30 feb ?", "the day 30 never comes"),
        ("0 3 31 apr,jun-jun,9,11 *", "the day 31 never comes"),
        ("", "has 0 fields"),
    ],
)
def test_what_argo_would_not_start_is_told(schedule: str, words: str) -> None:
    assert words in cron.problem(schedule)


def test_a_time_zone_is_one_of_the_iana_database() -> None:
    assert cron.timezone_problem("Europe/Berlin") == ""
    assert [cron.timezone_problem(name)[:12] for name in ("Europe/Berlni", "../etc", "")] != ["", "", ""]
    assert "Europe/Berlni" in cron.timezone_problem("Europe/Berlni")
