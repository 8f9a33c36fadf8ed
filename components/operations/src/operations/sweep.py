"""Writes down what became of runs, tells Git's forge, and cleans up: each for itself, whatever fails elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from lightkube import Client

from operations import cleanup
from operations.engine import Engine
from operations.errors import Conflict, OperationsError
from operations.model import RUNNING, Seen, Version
from operations.patience import UNANSWERED, said
from operations.records import Record, Records
from operations.reporting import Reporting
from operations.start import outcome_of

Say = Callable[[str], None]


@dataclass
class Sweep:
    """One round through a namespace; `problems` is what went wrong in it."""

    client: Client
    engine: Engine
    records: Records
    keep: int
    reporting: Reporting | None
    say: Say
    problems: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        """Do all of it, and say what could not be done."""
        self._attempt("records", self._record)
        if self.reporting:
            self._attempt("commit statuses", self._report)
        self._attempt("clean-up", self._clean)
        return self.problems

    def _record(self) -> None:
        known = {record.run.name: record for record in self.records.all()}  # before the runs: what was there may end
        seen = {run.run.name: run for run in self.engine.runs()}
        for run in seen.values():
            record = known.get(run.run.name)
            if record and not record.over and run.outcome:
                self._attempt(f"run {run.run.name}", self._ended, record, run)
        for record in known.values():
            if record.phase == RUNNING and record.run.name not in seen:
                self._attempt(f"run {record.run.name}", self._missed, record)
        for run in _worth_recording(known.values(), [run for run in seen.values() if run.run.name not in known]):
            self._attempt(f"run {run.run.name}", self._added, run)

    def _ended(self, record: Record, run: Seen) -> None:
        self.records.ended(record, outcome_of(self.engine, run))
        self.say(f"run {run.run.name}: {run.outcome.phase}")

    def _missed(self, record: Record) -> None:
        run = self.engine.find(record.run, record.id)
        if run is None:
            self.records.lost(record)
            self.say(f"run {record.run.name}: gone")
        elif run.outcome:
            self._ended(record, run)

    def _added(self, run: Seen) -> None:
        if self.records.add(run.run, run.id, outcome_of(self.engine, run)):
            self.say(f"run {run.run.name}: {run.outcome.phase}")

    def _report(self) -> None:
        files = {intent["pipeline"]: intent.get("file", "") for intent in self.records.intents()}
        for record in sorted(self.records.all(), key=cleanup.age):
            if file := files.get(record.run.pipeline):
                self._attempt(f"commit status of run {record.run.name}", self.reporting.report, record, file)

    def _clean(self) -> None:
        with cleanup.read_before():
            intents = list(self.records.intents())
            jobs = list(cleanup.done_with(self.client, intents))
        for job in jobs:
            self._attempt(f"job {job}", cleanup.delete_job, self.client, job)
        with cleanup.read_before():
            named = cleanup.named(self.client, self.engine, intents)
        for version in cleanup.unneeded(self.engine.versions(), named, self.keep):
            self._attempt(f"version {version.name}", self._deleted, version)
        for record in cleanup.outdated(self.records.all(), named):
            self._attempt(f"record of run {record.run.name}", self.records.delete, record)

    def _deleted(self, version: Version) -> None:
        self.engine.delete(version)
        self.say(f"deleted the version {version.name}")

    def _attempt(self, what: str, do: Callable[..., None], *given: object) -> None:
        try:
            do(*given)
        except Conflict:  # somebody else has done it meanwhile
            pass
        except OperationsError as error:
            self.problems.append(f"{what}: {error}")
        except UNANSWERED as error:
            self.problems.append(f"{what}: {said(error)}")


def _worth_recording(known: Iterable[Record], runs: Iterable[Seen]) -> Iterator[Seen]:
    """Of the runs that have no record those whose record would not be cleaned up again at once."""
    over = [run for run in runs if run.outcome]
    recorded = [(record.run.pipeline, cleanup.age(record), None) for record in known if cleanup.by_clock(record)]
    wanted = [(run.run.pipeline, run.outcome.finished, run) for run in over]
    ordered = sorted([*recorded, *wanted], key=lambda entry: entry[:2], reverse=True)
    for _, group in groupby(ordered, key=lambda entry: entry[0]):
        yield from (run for _, _, run in list(group)[: cleanup.RECORDS] if run)
