"""The state of a fleet as text fits 100 columns, says the exception, and keeps what is alike short."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from generators.live import tables
from generators.live.model import Application, Row, Run
from generators.live.status import Status

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
FINE = Application("a", "Synced", "Healthy")
DONE = Run("r", "Succeeded", "churn-5b1e7d20c9", started="2026-11-27T08:00:00Z", finished="2026-11-27T08:04:10Z")


def row(**more: Any) -> Row:
    known = {"environment": "prod", "cluster": "eu", "pipeline": "churn", "engine": "argo", "git": "churn-5b1e7d20c9"}
    return Row(**{**known, "live": "churn-5b1e7d20c9", "application": FINE, **more})


def text(rows: Iterable[Row]) -> str:
    stream = StringIO()
    status = Status(NOW, tuple(rows), (), {("prod", "eu"): "https://eu.test"})
    tables.console(file=stream).print(tables.of_status(status), highlight=False)
    return stream.getvalue()


def test_what_is_in_order_is_one_line() -> None:
    shown = text([row(run=DONE)])

    assert "prod/eu  argo  https://eu.test" in shown
    line = next(line for line in shown.splitlines() if "churn" in line)
    assert line.split() == ["churn", "5b1e7d20c9", "Synced", "Healthy", "Succeeded", "3", "h", "ago", "-"]
    assert "live" not in shown


@pytest.mark.parametrize(
    ("live", "said"),
    [("churn-0000000000", "live 000000"), ("", "not there"), (None, "Healthy"), ("it", "live it")],
)
def test_a_version_that_is_another_is_said_below(live: str | None, said: str) -> None:
    assert said in text([row(live=live)])


def test_the_widest_row_fits() -> None:
    widest = row(
        pipeline="text-classifier-lightweight",
        git="text-classifier-lightweight-d658bf03f9",
        live="text-classifier-lightweight-0000000000",
        application=Application("a", "OutOfSync", "Progressing", "a message that is long " * 20),
        run=Run("r", "Failed", message="m" * 300, started="2026-11-01T08:00:00Z", finished="2026-11-01T18:00:00Z",
                metrics={"a: accuracy": 0.123456}, log="x" * 250),
        next=datetime(2026, 12, 30, 23, 59, tzinfo=ZoneInfo("Europe/Berlin")),
    )  # fmt: skip

    shown = text([widest])
    assert max(map(len, shown.splitlines())) <= 100, shown
    assert "text-classifier-lightweight" in shown and "accuracy 0.12" in shown


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (datetime(2026, 11, 27, 23, 30, tzinfo=ZoneInfo("Europe/Berlin")), "23:30"),
        (datetime(2026, 11, 30, 3, 0, tzinfo=ZoneInfo("Europe/Berlin")), "Mon 03:00"),
        (datetime(2026, 12, 24, 3, 0, tzinfo=ZoneInfo("Europe/Berlin")), "24 Dec"),
    ],
)
def test_the_next_time_is_as_short_as_it_can_be(then: datetime, said: str) -> None:
    assert said in text([row(next=then)])
    assert "suspended" in text([row(suspended=True)])


def test_a_run_that_failed_is_shown_below_with_its_last_lines_and_its_pages() -> None:
    run = Run("r", "Failed", message="exit code 1", step="train/2/fit", log="epoch 1\nValueError: no [data]")

    shown = text([row(run=run, links={"Argo Workflows": "https://argo.test/r"})])
    assert "churn: run r failed in train/2/fit: exit code 1" in shown
    assert "ValueError: no [data]" in shown and "Argo Workflows: https://argo.test/r" in shown


def test_what_argo_cd_could_not_apply_is_shown_below() -> None:
    shown = text([row(application=Application("a", "OutOfSync", "Healthy", "Job x: denied by quota"))])

    assert "churn: OutOfSync: Job x: denied by quota" in shown


def test_nothing_is_said_to_be_nothing() -> None:
    assert text([]).strip() == "nothing is deployed"
