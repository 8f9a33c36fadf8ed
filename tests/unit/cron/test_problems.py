"""A schedule is one that Kubernetes and Argo read alike, so that none is left without a run."""

from __future__ import annotations

import pytest

from generators.cron.problems import problem, timezone_problem


@pytest.mark.parametrize(
    "schedule",
    [
        "0 3 * * 1",
        "*/5 * * * *",
        "0 0-23/2 1,15 jan-mar MON-FRI",
        "? 0 ? * 0",
        "5/15 * * * *",
        "@daily",
        "0 0 29 feb *",
        "0 0 31 2 mon",
        "0 0 1-31/2 2 *",
        "0 0 31 */2 *",
        "0 0 31 2 */2",
        "0\t3  * * 1",
    ],
)
def test_what_both_take_has_no_problem(schedule: str) -> None:
    assert problem(schedule) == ""


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
        ("0 3 31 2 *", "the day 31 never comes in the month 2"),
        ("0 3 30 feb ?", "the day 30 never comes"),
        ("0 3 31 apr,jun-jun,9,11 *", "the day 31 never comes"),
        ("", "has 0 fields"),
        ("0 3 31 2 */1", "the day 31 never comes in the month 2"),
        ("TZ=Europe/Berlin 0 3 * * 1", "holds a time zone, which CronJob refuses"),
        ("CRON_TZ=UTC @daily", "it stands beside the schedule, as timezone"),
        (" 0 3 * * 1", "has blanks other than those between its fields, which CronWorkflow refuses"),
        ("0 3 * * 1\n", "has blanks other than those between its fields"),
        ("0 3\u00a0* * 1", "has blanks other than those between its fields"),
        ("@every 1h30m", "counts from another moment in CronJob than in CronWorkflow"),
        ("@every 1d", "'1d' is not a duration such as 1h30m"),
    ],
)
def test_what_one_of_them_would_not_start_is_told(schedule: str, words: str) -> None:
    assert words in problem(schedule)


def test_a_time_zone_is_one_of_the_iana_database() -> None:
    assert timezone_problem("Europe/Berlin") == ""
    assert [timezone_problem(name)[:12] for name in ("Europe/Berlni", "../etc", "")] != ["", "", ""]
    assert timezone_problem("localtime") != "", "a file of this machine's"
    assert "Europe/Berlni" in timezone_problem("Europe/Berlni")
