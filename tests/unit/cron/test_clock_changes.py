"""What a change of the clocks does to a schedule is found, and nothing is said of those that it does not harm."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import takewhile
from random import Random

import pytest

from generators.cron.changes import changes
from generators.cron.clock_changes import ADDED, REPEATED, SKIPPED, clock_changes, safe_hours
from generators.cron.fire_times import fire_times
from generators.cron.zones import zone

BEGIN = date(2026, 1, 1)
ZONES = ("Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo", "Antarctica/Troll")


def _found(cron: str, timezone: str) -> list[tuple[str, str]]:
    return [(effect.kind, f"{effect.shown:%m-%d %H:%M}") for effect in clock_changes(cron, timezone, BEGIN, years=1)]


@pytest.mark.parametrize(
    ("cron", "timezone", "found"),
    [
        ("30 2 * * *", "Europe/Berlin", [(SKIPPED, "03-29 02:30"), (REPEATED, "10-25 02:30")]),
        ("30 2 * * 0", "Europe/Berlin", [(SKIPPED, "03-29 02:30"), (REPEATED, "10-25 02:30")]),
        ("0 */2 * * *", "Europe/Berlin", [(SKIPPED, "03-29 02:00"), (REPEATED, "10-25 02:00")]),
        ("0 1,2 * * *", "Europe/Berlin", [(SKIPPED, "03-29 02:00"), (REPEATED, "10-25 02:00")]),
        ("0,30 2 29 3 *", "Europe/Berlin", [(SKIPPED, "03-29 02:00"), (SKIPPED, "03-29 02:30")]),
        ("30 0 * * *", "America/Santiago", [(SKIPPED, "09-06 00:30")]),
        ("30 5 * * 6", "America/Santiago", [(ADDED, "09-06 05:30")]),
        ("30 1 4 10 *", "Australia/Lord_Howe", [(ADDED, "10-04 02:30")]),
        ("0 5 * 10 *", "Australia/Lord_Howe", [(SKIPPED, "10-04 05:00")]),
    ],
)
def test_what_is_dropped_doubled_or_added_is_found(cron: str, timezone: str, found: list[tuple[str, str]]) -> None:
    assert _found(cron, timezone) == found


@pytest.mark.parametrize(
    ("cron", "timezone"),
    [
        ("0 3 * * *", "Europe/Berlin"),
        ("0 2 * * 1", "Europe/Berlin"),
        ("0 * * * *", "Europe/Berlin"),
        ("*/5 * * * *", "Australia/Lord_Howe"),
        ("0 * * * *", "Antarctica/Troll"),
        ("*/10 0-6 * * *", "Europe/Berlin"),
        ("0 1-3 * * *", "Europe/Berlin"),
        ("0 1-23/2 * * *", "Europe/Berlin"),
        ("30 2 * * *", "UTC"),
        ("30 2 * * *", ""),
        ("@every 2h", "Europe/Berlin"),
    ],
)
def test_what_a_change_does_not_harm_is_not_spoken_of(cron: str, timezone: str) -> None:
    assert clock_changes(cron, timezone, BEGIN) == []


def test_hours_that_no_change_touches_are_safe() -> None:
    assert safe_hours("30 2 * * *", "Europe/Berlin", BEGIN) == [0, 1, *range(3, 24)]
    assert safe_hours("30 0 * * *", "America/Santiago", BEGIN) == list(range(1, 23))
    assert safe_hours("30 0 * * *", "UTC", BEGIN) == list(range(24))


def test_a_schedule_that_names_days_is_in_no_hour_safe_where_midnight_is_skipped() -> None:
    assert safe_hours("30 5 * * 6", "America/Santiago", BEGIN) == []
    assert 5 in safe_hours("30 5 * * 1", "America/Santiago", BEGIN)


@pytest.mark.parametrize("timezone", ZONES)
def test_what_is_found_is_all_in_which_a_year_of_fire_times_differs_from_what_is_named(timezone: str) -> None:
    random = Random(timezone)
    for _ in range(12):
        days = random.choice(("* * *", "* * *", "4-8 * *", f"* * {random.randrange(7)}"))
        cron = f"{random.choice((0, 15, 30))} {random.randrange(24)} {days}"
        named, fired = _year(cron, ""), _year(cron, timezone)

        differences = {(SKIPPED, shown) for shown in set(named) - set(fired)}
        differences |= {(REPEATED, shown) for shown in named if fired[shown] == 2}
        differences |= {(ADDED, shown) for shown in set(fired) - set(named)}
        assert {(effect.kind, effect.shown) for effect in clock_changes(cron, timezone, BEGIN, 1)} == differences, cron


def test_every_zone_that_is_tried_changes_its_clocks() -> None:
    assert all(changes(zone(timezone), BEGIN, 1) for timezone in ZONES)


def _year(cron: str, timezone: str) -> Counter[datetime]:
    """The fire times of 2026 as clocks show them, found by a search that began in the year before."""
    begin = datetime(2025, 12, 1, tzinfo=zone(timezone))
    times = takewhile(lambda time: time.year < 2027, fire_times([cron], timezone, begin))
    return Counter(time.replace(tzinfo=None, fold=0) for time in times if time.year == 2026)
