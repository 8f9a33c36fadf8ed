"""Schedules fire when the library of Kubernetes' and Argo's controllers says, and what it refuses is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import islice, product
from random import Random

from generators.cron.changes import changes
from generators.cron.fire_times import fire_times
from generators.cron.grammar import FIELDS, Bounds, NotASchedule, parse
from generators.cron.problems import problem
from generators.cron.zones import zone

Oracle = Callable[[str], list[str]]
SEED = 20261025
COUNT = 50
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Asia/Kathmandu",
    "America/Santiago", "America/Asuncion", "Pacific/Auckland",  # southern hemisphere
    "Australia/Lord_Howe", "Pacific/Chatham", "Antarctica/Troll",  # half an hour; a quarter past; two hours
    "America/Havana", "Africa/Cairo", "Asia/Beirut", "Atlantic/Azores", "America/Scoresbysund",  # at or about midnight
    "America/Sao_Paulo", "Asia/Tehran", "Asia/Amman", "Pacific/Apia", "Africa/Casablanca", "America/Caracas",
)  # fmt: skip
FIRST, LAST = date(2008, 1, 1), date(2044, 1, 1)  # from 2038 on zones follow a rule
# What the library reads though it can only be a slip: see generators.cron.grammar.
SLIP = re.compile(r"[*?]-|\+|,,|(^|\s),|,(\s|$)")
BROKEN = (
    "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 7", "5-3 * * * *", "*/0 * * * *",
    "* * * *", "* * * * * *", "", " ", "* * L * *", "* * * * 1#2", "* * * * mond", "1-2-3 * * * *", "1/2/3 * * * *",
    "-1 * * * *", "+5 * * * *", "1,,2 * * * *", ", * * * *", "*-5 * * * *", "1.5 * * * *", "* * * jan-foo *",
    "99999999999999999999 * * * *", "*/99999999999999999999 * * * *", "* * * * *\t", "\t0 0 * * *", "0 0 * * * # x",
    "@reboot", "@Daily", "@daily ", " @daily", "@", "@every", "@every ", "@every 1", "@every 1d", "@every h",
    "@every 1h 30m", "@every  1h", "@every 1h-30m", "@every 99999999h", "@every 1e3s", "@every ٣s",
    "٣ * * * *", "* * * * ٣",
)  # fmt: skip
INTERVALS = (
    "@every 1h30m", "@every 90s", "@every 1.5h", "@every .5m", "@every 1.s", "@every 0", "@every -5m", "@every +5m",
    "@every 10ms", "@every 1h1ms", "@every 0.15m", "@every 1.0001h", "@every 100us", "@every 5µs", "@every 20000h",
)  # fmt: skip
# What the schema of a CronWorkflow lets pass (Schedules of
# https://github.com/argoproj/argo-workflows/blob/v4.1.2/pkg/apis/workflow/v1alpha1/cron_workflow_types.go).
ARGO = re.compile(
    r"(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every\s+([0-9]+(ns|us|µs|ms|s|m|h))+"
    r"|([A-Za-z0-9*,/?-]+\s+){4}[A-Za-z0-9*,/?-]+)",
    re.ASCII,
)
DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def test_two_thousand_random_schedules_fire_when_the_library_says(cron_oracle: Oracle) -> None:
    random = Random(SEED)
    cases = [(_schedule(random), name, _start(random, name)) for name in ZONES for _ in range(90)]
    cases += [(cron, "America/Santiago", _start(random, "America/Santiago")) for cron in (*INTERVALS, *DESCRIPTORS)]

    assert len(cases) > 2000
    theirs = _theirs(cron_oracle, cases)
    assert [case for case, times in zip(cases, theirs, strict=True) if _ours(*case) != times] == []


def test_what_the_library_refuses_is_refused_and_nothing_else_but_slips(cron_oracle: Oracle) -> None:
    random = Random(SEED)
    crons = [*BROKEN, *DESCRIPTORS, *(_spoilt(_schedule(random), random) for _ in range(2000))]
    answers = _theirs(cron_oracle, [(cron, "UTC", 0) for cron in crons])
    refused = [cron for cron, answer in zip(crons, answers, strict=True) if answer.startswith("refused")]

    taken = set(crons).difference(refused)
    assert 300 < len(set(refused)) < len(set(crons)) - 300
    assert [cron for cron in refused if _readable(cron)] == []
    assert [cron for cron in crons if not problem(cron) and not ARGO.fullmatch(cron)] == []
    assert [cron for cron in taken if not SLIP.search(cron) and not _readable(cron)] == []


def test_a_schedule_without_a_problem_fires_and_one_that_never_fires_has_one(cron_oracle: Oracle) -> None:
    days, weekdays = ("29", "30", "31", "30-31", "31,*"), ("*", "?", "*/1", "*/2", "mon")
    parts = product(days, ("2", "4,6", "2/5", "*"), weekdays)
    crons = [f"0 0 {day} {month} {weekday}" for day, month, weekday in parts]
    fires = [bool(times) for times in _theirs(cron_oracle, [(cron, "UTC", 0) for cron in crons])]

    assert 0 < sum(fires) < len(fires)
    assert [problem(cron) == "" for cron in crons] == fires


def _ours(cron: str, name: str, start: int) -> str:
    times = fire_times([cron], name, datetime.fromtimestamp(start, UTC))
    return " ".join(str(int(time.timestamp())) for time in islice(times, COUNT))


def _theirs(oracle: Oracle, cases: list[tuple[str, str, int]]) -> list[str]:
    return oracle("".join(f"{cron}|{name}|{start}|{COUNT}\n" for cron, name, start in cases))


def _readable(cron: str) -> bool:
    try:
        return bool(parse(cron))
    except NotASchedule:
        return False


def _schedule(random: Random) -> str:
    return " ".join(_field(random, bounds) for bounds in FIELDS)


def _field(random: Random, bounds: Bounds) -> str:
    return ",".join(_item(random, bounds) for _ in range(random.choice((1, 1, 1, 2, 3))))


def _item(random: Random, bounds: Bounds) -> str:
    first, last = sorted(random.choices(range(bounds.lowest, bounds.highest + 1), k=2))
    low, high = _written(random, bounds, first), _written(random, bounds, last)
    step = random.choice((1, 2, 3, 5, 7, 90))
    forms = ("*", "*", "*", "?", low, low, f"{low}-{high}", f"*/{step}", f"{low}/{step}", f"{low}-{high}/{step}")
    return random.choice(forms)


def _written(random: Random, bounds: Bounds, value: int) -> str:
    name = bounds.names[value - bounds.lowest] if bounds.names else ""
    return random.choice((str(value), f"{value:02}", name or str(value), name.upper() or str(value)))


def _start(random: Random, name: str) -> int:
    """Anywhere in the years, or, as often, within three days of a change of the zone's clocks."""
    near = changes(zone(name), FIRST, LAST.year - FIRST.year)
    if near and random.random() < 0.5:
        seconds = int(random.choice(near).before.replace(tzinfo=UTC).timestamp())
        return seconds + random.randint(-3 * 86400, 3 * 86400)
    first, last = (int(datetime(day.year, 1, 1, tzinfo=UTC).timestamp()) for day in (FIRST, LAST))
    return random.randint(first, last)


def _spoilt(cron: str, random: Random) -> str:
    """A schedule with one character of it changed, added or taken away."""
    place = random.randrange(len(cron))
    added = random.choice("0123456789*/-,? lx") * random.randint(0, 2)
    return cron[:place] + added + cron[place + random.randint(0, 1) :]
