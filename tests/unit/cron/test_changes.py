"""The clocks of a zone change when the database of time zones says."""

from __future__ import annotations

from datetime import date, datetime

from generators.cron.changes import Change, changes
from generators.cron.zones import zone

SPRING = Change(datetime(2026, 3, 29, 2), datetime(2026, 3, 29, 3))
AUTUMN = Change(datetime(2026, 10, 25, 3), datetime(2026, 10, 25, 2))


def test_the_changes_of_a_year_are_found_to_the_second() -> None:
    assert changes(zone("Europe/Berlin"), date(2026, 1, 1), 1) == (SPRING, AUTUMN)
    assert changes(zone("UTC"), date(2026, 1, 1), 50) == ()
    first, second = changes(zone("Australia/Lord_Howe"), date(2026, 1, 1), 1)
    assert (second.before, second.after) == (datetime(2026, 10, 4, 2), datetime(2026, 10, 4, 2, 30))
    assert (first.gap, second.gap) == (False, True)


def test_a_change_touches_the_hours_that_it_skips_or_repeats_any_of() -> None:
    midnight = Change(datetime(2026, 9, 6), datetime(2026, 9, 6, 1))
    late = Change(datetime(2026, 4, 5), datetime(2026, 4, 4, 23))
    half = Change(datetime(2026, 4, 5, 2), datetime(2026, 4, 5, 1, 30))
    day = Change(datetime(2011, 12, 30), datetime(2011, 12, 31))

    touched = [
        [hour for hour in range(24) if change.touches(hour)] for change in (SPRING, AUTUMN, midnight, late, half)
    ]
    assert touched == [[2], [2], [0], [23], [1]]
    assert all(day.touches(hour) for hour in range(24))
