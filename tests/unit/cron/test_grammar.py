"""An expression is the sets of minutes, hours and days that the library of the controllers reads in it."""

from __future__ import annotations

from datetime import date

import pytest

from generators.cron.grammar import Calendar, Every, NotASchedule, parse


def test_fields_are_lists_of_numbers_names_ranges_and_steps() -> None:
    read = parse("5/20 0-6/3,22 1,15 jan-mar,DEC MON-wed")

    assert isinstance(read, Calendar)
    assert (read.minutes, read.hours, read.days) == ({5, 25, 45}, {0, 3, 6, 22}, {1, 15})
    assert (read.months, read.weekdays) == ({1, 2, 3, 12}, {1, 2, 3})


@pytest.mark.parametrize(
    ("schedule", "both"),
    [
        ("0 3 1 * 1", False),
        ("0 3 * * 1", True),
        ("0 3 1 * ?", True),
        ("0 3 1 * */1", True),
        ("0 3 1 * 2,*", True),
        ("0 3 1 * */2", False),
        ("0 3 */2 * 1", False),
        ("0 3 1 * 0-6", False),
        ("@weekly", True),
    ],
)
def test_a_star_alone_has_both_kinds_of_days_decide(schedule: str, both: bool) -> None:
    assert parse(schedule).both is both


@pytest.mark.parametrize(
    ("schedule", "daily", "hourly"),
    [
        ("*/5 * * * *", True, True),
        ("0 0-23 * 1-12 *", True, True),
        ("0 * 1 * 0-6", True, True),
        ("0 */2 * * *", True, False),
        ("0 * * * 1", False, False),
        ("0 * 1 * *", False, False),
        ("0 * * 2-12 *", False, False),
    ],
)
def test_a_schedule_is_hourly_where_it_fires_in_every_hour(schedule: str, daily: bool, hourly: bool) -> None:
    assert (parse(schedule).daily, parse(schedule).hourly) == (daily, hourly)


def test_days_of_the_week_begin_on_sunday() -> None:
    assert [parse("0 0 * * 0").on(date(2026, 3, day)) for day in (28, 29, 30)] == [False, True, False]


@pytest.mark.parametrize(
    ("schedule", "seconds"),
    [("1h30m", 5400), ("1.5h", 5400), (".5m", 30), ("90s", 90), ("1s999ms", 1), ("10ms", 1), ("0", 1), ("-5m", 1)],
)
def test_an_interval_is_whole_seconds_and_at_least_one(schedule: str, seconds: int) -> None:
    assert parse(f"@every {schedule}") == Every(seconds)


@pytest.mark.parametrize("slip", ["1,,2 * * * *", "+5 * * * *", "*-5 * * * *", ", * * * *"])
def test_what_only_a_slip_would_write_is_refused_though_the_library_reads_it(slip: str) -> None:
    with pytest.raises(NotASchedule, match="is not a list of numbers, ranges and steps"):
        parse(slip)
