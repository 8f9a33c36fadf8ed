"""A schedule in words says what the controllers do, whatever language this machine speaks."""

from __future__ import annotations

import pytest

from generators.cron.grammar import NotASchedule
from generators.cron.words import in_words


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 3 * * 1", "At 03:00, only on Monday"),
        ("0 3 * * MON-FRI", "At 03:00, Monday through Friday"),
        ("*/15 9-17 * * *", "Every 15 minutes, between 09:00 and 17:59"),
        ("0 3 1 * 1", "At 03:00, on day 1 of the month, or on Monday"),
        ("0 0 1-7 * */3", "At 00:00, between day 1 and 7 of the month, or on Sunday, Wednesday, and Saturday"),
        ("0 3 1 * 1-2", "At 03:00, on day 1 of the month, or on Monday and Tuesday"),
        ("0 3 1 * 0-6", "At 03:00"),
        ("30 1 ? * 0", "At 01:30, only on Sunday"),
        ("0 03 05 * *", "At 03:00, on day 5 of the month"),
        ("@monthly", "At 00:00, on day 1 of the month"),
        ("@every 1h30m", "Every 1h30m"),
    ],
)
def test_words_say_what_a_schedule_does(cron: str, words: str) -> None:
    assert in_words(cron) == words


def test_words_are_the_same_under_another_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")

    assert in_words("30 14 * * 1") == "At 14:30, only on Monday"


def test_what_is_no_schedule_has_no_words() -> None:
    with pytest.raises(NotASchedule):
        in_words("0 3 * * 7")
