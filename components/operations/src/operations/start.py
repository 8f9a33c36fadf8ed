"""Starts a run once, whoever asks for it and however often, and follows it to its end.

| record                    | run in the engine | what happens                                                      |
| ------------------------- | ----------------- | ----------------------------------------------------------------- |
| none                      |                   | it is created, by one alone, which then may start the run         |
| Starting or Refused       | is there          | the run is the one that was meant: the record says Running        |
| Starting, its lease runs  | is not            | whoever holds it is about to start the run: look again            |
| Starting, its lease is up | is not            | whoever held it has died before the run began: its place is taken |
| Running                   | is there          | it is followed                                                    |
| Running                   | is not            | it ended, and nobody saw how: Lost, and not started again         |
| anything else             |                   | it ran: nothing is started                                        |

A request that was sent and not answered may still be carried out, so whoever sent it waits as everybody else does, for
the run or for the end of the lease.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from operations.engine import Engine
from operations.errors import Conflict, OperationsError, Refused, Unreachable
from operations.model import REFUSED, RUNNING, WELL, Outcome, Run, Seen
from operations.patience import UNANSWERED, Patience, said, status_of
from operations.records import Record, Records, started

Say = Callable[[str], None]


@dataclass
class Starter:
    """Whoever starts one run; `holder` is what it claims the run by."""

    run: Run
    engine: Engine
    records: Records
    patience: Patience
    say: Say
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)

    def start(self) -> Record:
        """The record of the run once it has begun, now or at any time before."""
        seconds = self.patience.give_up + 2 * self.patience.lease
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            record = self.patience.until_answered(self._step)
            if record:
                return record
            time.sleep(min(self.patience.poll, self.patience.lease / 4))
        raise Unreachable(f"{self.run.name} had not begun after {seconds:.0f} s")

    def follow(self, seconds: float) -> Record:
        """The record of the run once it is over; an error where that takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            record = self.patience.until_answered(self._look)
            if record and record.over:
                return record
            time.sleep(self.patience.poll)
        raise OperationsError(f"{self.run.name} was still running after {seconds:.0f} s")

    def _step(self) -> Record | None:
        """One row of the table; None where there is nothing to do but to look again."""
        record = self.records.get(self.run.name) or self.records.claim(self.run, self.holder)
        try:
            return record and (record if self._begun(record) else self._begin(record))
        except Conflict:
            return None

    @staticmethod
    def _begun(record: Record) -> bool:
        return record.over or record.phase == RUNNING

    def _begin(self, record: Record) -> Record | None:
        if seen := self.engine.find(self.run):
            return self.records.changed(record, **started(seen.id))
        if record.phase != REFUSED and record.data.get("holder") != self.holder:
            if record.age > self.patience.lease:
                self.records.claimed_again(record, self.holder)
            return None
        post = self.engine.prepared(self.run)
        return self._post(self.records.claimed_again(record, self.holder), post)

    def _post(self, record: Record, post: Callable[[], str]) -> Record | None:
        try:
            id = post()
        except Refused as refused:
            self.records.changed(record, phase=REFUSED, message=str(refused))
            raise
        except UNANSWERED as error:
            if 400 <= status_of(error) < 500:
                raise
            self.holder = uuid.uuid4().hex  # the run may begin yet: wait for it as everybody else does
            self.say(f"{said(error)}; waiting for {self.run.name}, or {self.patience.lease:.0f} s")
            return None
        self.say(f"started {self.run.name}: {self.run.version}")
        return self.records.changed(record, **started(id))

    def _look(self) -> Record | None:
        """The record as it is now, with the run's outcome where the run is over."""
        record = self.records.get(self.run.name)
        if record is None:  # somebody has deleted it
            return self._recorded(self.engine.find(self.run))
        if record.over:
            return record
        try:
            seen = self.engine.find(self.run, record.id)
            if seen is None:
                return self.records.lost(record)
            return self.records.ended(record, outcome_of(self.engine, seen)) if seen.outcome else record
        except Conflict:
            return None

    def _recorded(self, seen: Seen | None) -> Record | None:
        return self.records.add(self.run, seen.id, outcome_of(self.engine, seen)) if seen and seen.outcome else None


def outcome_of(engine: Engine, seen: Seen) -> Outcome:
    """The outcome of a run that is over, with the log of a step that failed."""
    return seen.outcome if seen.outcome.phase in WELL else replace(seen.outcome, log=engine.log(seen))
