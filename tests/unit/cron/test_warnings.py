"""A warning says what happens when, and what to do."""

from __future__ import annotations

from datetime import date

from generators.cron.warnings import clock_warnings

BEGIN = date(2026, 11, 27)


def test_a_warning_names_dates_times_and_safe_hours() -> None:
    (warning,) = clock_warnings(["0 4 * * *", "30 2 * * *"], "Europe/Berlin", BEGIN)

    assert warning.cron == "30 2 * * *"
    assert warning.message == (
        "'30 2 * * *' does not fire at 02:30 on 2027-03-28 and 2028-03-26 and fires twice at 02:30 on 2027-10-31 and "
        "2028-10-29, where the clocks of Europe/Berlin change"
    )
    assert warning.fix == (
        "keep to the hours 0-1 and 3-23, which no change of the clocks touches, or give UTC as its time zone"
    )


def test_many_times_of_a_day_are_told_by_their_number() -> None:
    (warning,) = clock_warnings(["*/5 2 * * *"], "Europe/Berlin", BEGIN, years=1)

    assert "does not fire at the 12 times from 02:00 to 02:55 on 2027-03-28 and fires twice at" in warning.message


def test_where_no_hour_is_safe_utc_is() -> None:
    (warning,) = clock_warnings(["30 5 * * 6"], "America/Santiago", BEGIN, years=1)

    assert "fires though it names no such time, at 05:30 on 2027-09-05, where" in warning.message
    assert warning.fix.startswith("give UTC as its time zone: with the clocks of America/Santiago no hour of the day")


def test_no_warning_depends_on_another() -> None:
    crons = ["30 2 * * *", "0 2 * * *"]

    assert clock_warnings(crons, "Europe/Berlin", BEGIN) == [
        warning for cron in crons for warning in clock_warnings([cron], "Europe/Berlin", BEGIN)
    ]
    assert clock_warnings(crons, "", BEGIN) == []
