"""Schedules in words, by https://pypi.org/project/cron-descriptor, for pages that people read."""

from __future__ import annotations

import re

from generators.cron.grammar import DESCRIPTORS, FIELDS, Bounds, Calendar, Every, parse

_RANGE = re.compile(r"[0-9]-[0-9]|[a-z]{3}-[a-z]{3}")


def in_words(cron: str) -> str:
    """An expression in English, such as "At 03:00, only on Monday"; raises NotASchedule."""
    schedule = parse(cron)
    if isinstance(schedule, Every):
        return f"Every {cron.split()[1]}"
    from cron_descriptor import Options, get_description  # only pages need it

    # Its own locale, and 24 hours, whatever this machine's are.
    return get_description(_plain(cron, schedule), Options(locale_code="en_US", use_24hour_time_format=True))


def _plain(cron: str, calendar: Calendar) -> str:
    """The same schedule as the describing library reads it, which knows no `?` and takes less for a star."""
    texts = DESCRIPTORS.get(cron, cron).lower().split()
    values = (calendar.minutes, calendar.hours, calendar.days, calendar.months, calendar.weekdays)
    fields = [_field(*given) for given in zip(texts, values, FIELDS, strict=True)]
    if "*" in (fields[2], fields[4]) and not calendar.both:
        fields[2] = fields[4] = "*"  # one of them is enough, and comes every day
    if fields[4] != "*" and not (fields[2] == "*" and _RANGE.fullmatch(fields[4])):
        fields[4] = ",".join(map(str, sorted(calendar.weekdays)))  # it says "or" of lists alone
    return " ".join(fields)


def _field(text: str, values: frozenset[int], bounds: Bounds) -> str:
    full = len(values) == bounds.highest - bounds.lowest + 1
    return "*" if full else re.sub(r"\b0+(?=[0-9])", "", text.replace("?", "*"))
