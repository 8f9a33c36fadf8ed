"""The newest stay, and whatever is named; a record is never forgotten while its run may be asked for again."""

from __future__ import annotations

from operations.cleanup import ASKED_FOR, RECORDS, by_clock, outdated, unneeded
from operations.model import Run, Version
from operations.records import Record


def version(number: int, pipeline: str = "churn") -> Version:
    return Version(f"{pipeline}-{number}", pipeline, f"2026-11-{number:02}T00:00:00Z", f"uid-{pipeline}-{number}")


def record(name: str, second: int, **data: str) -> Record:
    time = f"2026-11-27T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    return Record(Run(name, "churn", "churn-1"), {"phase": "Succeeded", "finished": time, **data})


def test_the_newest_versions_of_each_pipeline_stay() -> None:
    versions = [version(number, pipeline) for number in (3, 1, 2) for pipeline in ("churn", "fraud")]

    assert [it.name for it in unneeded(versions, set(), 2)] == ["fraud-1", "churn-1"]


def test_a_version_that_is_named_stays_and_takes_no_place_of_the_newest() -> None:
    versions = [version(number) for number in range(1, 6)]

    assert [it.name for it in unneeded(versions, {"churn-2", "uid-churn-1"}, 2)] == ["churn-3"]


def test_of_a_schedules_records_the_newest_stay() -> None:
    records = [record(f"churn-{29930000 + number}", number) for number in range(RECORDS + 3)]

    assert {it.run.name for it in outdated(records, set())} == {"churn-29930000", "churn-29930001", "churn-29930002"}


def test_records_of_a_schedule_take_no_place_of_those_that_were_asked_for() -> None:
    merges = [record(f"churn-{number:04}abcdef", 0) for number in range(RECORDS + 1)]
    clock = [record(f"churn-{number}", 9, by="sweep") for number in range(RECORDS)]

    assert list(outdated([*merges, *clock], set())) == [] and RECORDS < ASKED_FOR
    assert [by_clock(merges[0]), by_clock(clock[0])] == [False, True]


def test_a_record_that_is_named_or_whose_run_goes_on_stays() -> None:
    records = [record(f"churn-{29930000 + number}", number + 2) for number in range(RECORDS)]
    spare = [record("churn-29920001", 1), record("churn-29920000", 0, phase="Running")]

    assert list(outdated([*records, *spare], {"churn-29920001"})) == []
    assert [it.run.name for it in outdated([*records, *spare], set())] == ["churn-29920001"]
