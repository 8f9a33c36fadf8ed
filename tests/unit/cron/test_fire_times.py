"""Schedules fire when they say; around changes of the clocks, as the library of the controllers has it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import pytest

from generators.cron.fire_times import fire_times
from generators.cron.zones import zone


def _next(cron: str, after: str, count: int, timezone: str = "UTC") -> list[str]:
    """The next fire times after one that clocks in the zone show, as they show them."""
    begin = datetime.fromisoformat(after).replace(tzinfo=zone(timezone))
    return [f"{time:%Y-%m-%d %H:%M}" for time in islice(fire_times([cron], timezone, begin), count)]


@pytest.mark.parametrize(
    ("cron", "after", "times"),
    [
        ("0 0 29 2 *", "2026-01-01", ["2028-02-29 00:00", "2032-02-29 00:00"]),
        ("0 0 31 * *", "2026-01-31", ["2026-03-31 00:00", "2026-05-31 00:00", "2026-07-31 00:00", "2026-08-31 00:00"]),
        ("*/7 * * * *", "2026-01-01 00:50", ["2026-01-01 00:56", "2026-01-01 01:00", "2026-01-01 01:07"]),
        ("0 3 1 * 1", "2026-05-31", ["2026-06-01 03:00", "2026-06-08 03:00"]),
        ("0 3 1 * 1", "2026-06-29 04:00", ["2026-07-01 03:00", "2026-07-06 03:00"]),
        ("0 0 6-7 * */2", "2026-09-05", ["2026-09-06 00:00", "2026-09-07 00:00", "2026-09-08 00:00"]),
        ("30 12 * mar sat,sun", "2026-03-27", ["2026-03-28 12:30", "2026-03-29 12:30", "2027-03-06 12:30"]),
        ("@monthly", "2026-11-30 23:59", ["2026-12-01 00:00", "2027-01-01 00:00"]),
        ("@yearly", "2026-01-01", ["2027-01-01 00:00"]),
        ("59 23 31 12 *", "2026-12-31 23:59", ["2027-12-31 23:59"]),
        ("@every 1h30m", "2026-01-01 00:10", ["2026-01-01 01:40", "2026-01-01 03:10"]),
        ("0 0 31 2 *", "2026-01-01", []),
        ("0 0 31 4,6,9,11 *", "2026-01-01", []),
        ("0 0 29 2 *", "2096-03-01", []),
    ],
)  # fmt: skip
def test_the_next_fire_times(cron: str, after: str, times: list[str]) -> None:
    assert _next(cron, after, max(len(times), 1)) == times


def test_in_spring_a_time_that_does_not_come_is_left_out() -> None:
    times = ["2026-03-28 02:30", "2026-03-30 02:30"]

    assert _next("30 2 * * *", "2026-03-28", 2, "Europe/Berlin") == times


def test_in_autumn_a_time_that_comes_twice_fires_twice() -> None:
    begin = datetime(2026, 10, 25, tzinfo=zone("Europe/Berlin"))
    first, second = islice(fire_times(["30 2 * * *"], "Europe/Berlin", begin), 2)

    assert (first.isoformat(), second.isoformat()) == ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")


def test_hours_go_on_through_a_change_of_the_clocks() -> None:
    assert _next("0 * * * *", "2026-03-29 00:30", 3, "Europe/Berlin") == [
        "2026-03-29 01:00", "2026-03-29 03:00", "2026-03-29 04:00",
    ]  # fmt: skip
    begin = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    hours = [time.astimezone(UTC).hour for time in islice(fire_times(["0 * * * *"], "Europe/Berlin", begin), 4)]
    assert hours == [0, 1, 2, 3]


def test_a_day_whose_midnight_is_skipped_is_taken_for_the_day_before() -> None:
    times = ["2026-09-05 05:30", "2026-09-06 05:30", "2026-09-12 05:30"]

    assert _next("30 5 * * 6", "2026-09-04", 3, "America/Santiago") == times


def test_a_skipped_half_hour_makes_a_time_fire_that_is_not_named() -> None:
    times = ["2026-10-04 01:30", "2026-10-04 02:30", "2026-10-05 01:30"]

    assert _next("30 1 * * *", "2026-10-04", 3, "Australia/Lord_Howe") == times


def test_the_times_of_several_expressions_come_in_order_and_once() -> None:
    begin = datetime(2026, 10, 24, 23, 50, tzinfo=UTC)
    times = islice(fire_times(["0 * * * *", "*/30 2 * * *", "30 2 25 * *"], "Europe/Berlin", begin), 6)

    assert [f"{time:%H:%M%z}" for time in times] == [
        "02:00+0200", "02:30+0200", "02:00+0100", "02:30+0100", "03:00+0100", "04:00+0100",
    ]  # fmt: skip


def test_no_time_zone_is_utc_and_a_moment_needs_one() -> None:
    begin = datetime(2026, 1, 1, 2, 59, 59, 999999, tzinfo=zone("Europe/Berlin"))

    assert next(fire_times(["0 3 * * *"], "", begin)).isoformat() == "2026-01-01T03:00:00+00:00"
    with pytest.raises(ValueError, match="no time zone"):
        fire_times(["0 3 * * *"], "", datetime(2026, 1, 1))
