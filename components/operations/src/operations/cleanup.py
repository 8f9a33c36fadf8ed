"""Which versions and records are no longer needed: all but the newest, and what anything still names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby

from lightkube import Client
from lightkube.core.client import CascadeType
from lightkube.resources.batch_v1 import CronJob, Job

from operations.cluster import MANAGER, RECORD, delete, each, texts
from operations.engine import Engine
from operations.errors import CouldNotCheck
from operations.model import Version
from operations.patience import UNANSWERED, said
from operations.records import Record

RECORDS = 50  # of each pipeline that were made by a clock: any of them may go
ASKED_FOR = 500  # of each pipeline that were asked for by name: as long as one is there, that name is not run again
_WORD = re.compile(r"[-.\w]+")
_BY_CLOCK = re.compile(r".*-\d{8}")  # Kubernetes names the Jobs of a CronJob so: by the minute


@contextmanager
def read_before() -> Iterator[None]:
    """What is read before anything is deleted; CouldNotCheck where some of it cannot be."""
    try:
        yield
    except UNANSWERED as error:
        raise CouldNotCheck(f"nothing is deleted, since what names it cannot be read: {said(error)}") from error


def unneeded(versions: Iterable[Version], named: Collection[str], keep: int) -> Iterator[Version]:
    """Of each pipeline's versions those that nothing names, but for the newest `keep`."""
    ordered = sorted(versions, key=lambda version: (version.pipeline, version.created, version.name), reverse=True)
    for _, group in groupby(ordered, key=lambda version: version.pipeline):
        yield from (version for version in list(group)[keep:] if not {version.name, version.uid} & set(named))


def done_with(client: Client, intents: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The Jobs of runs on merge that Git no longer has, and that no run needs to be followed by.

    One for a version that is current has another beside it, which follows the same run; any other is done with once it
    is over.
    """
    intents = list(intents)
    current, wanted = ({intent.get(key, "") for intent in intents} for key in ("version", "job"))
    for job in each(client, Job, {RECORD: "merge", MANAGER: "graft"}):
        words = {word for text in texts(job.spec.to_dict()) for word in _WORD.findall(text)}
        if job.metadata.name not in wanted and (_over(job) or not current.isdisjoint(words)):
            yield job.metadata.name


def delete_job(client: Client, name: str) -> None:
    """Delete a Job with its pods."""
    delete(client, Job, name, cascade=CascadeType.BACKGROUND)


def _over(job: Job) -> bool:
    conditions = (job.status and job.status.conditions) or []
    return any(each.type in ("Complete", "Failed") and each.status == "True" for each in conditions)


def named(client: Client, engine: Engine, intents: Iterable[Mapping[str, str]]) -> set[str]:
    """Every word that may be the name of a version or of a run: in intents, CronJobs and Jobs, and in the engine."""
    specs = [it.spec.to_dict() for kind in (CronJob, Job) for it in each(client, kind)]
    words = {word for text in texts([specs, list(intents)]) for word in _WORD.findall(text)}
    return words | set(engine.named())


def outdated(records: Iterable[Record], named: Collection[str]) -> Iterator[Record]:
    """The records that are more than enough, the oldest; never one of a run that goes on, or that anything names."""
    ordered = sorted(records, key=lambda record: (record.run.pipeline, by_clock(record), age(record)), reverse=True)
    for (_, clock), group in groupby(ordered, key=lambda record: (record.run.pipeline, by_clock(record))):
        spare = list(group)[RECORDS if clock else ASKED_FOR :]
        yield from (record for record in spare if record.over and record.run.name not in named)


def by_clock(record: Record) -> bool:
    """Whether a schedule has started the run, and not somebody who asked for it by a name of its own."""
    return record.data.get("by") == "sweep" or bool(_BY_CLOCK.fullmatch(record.run.name))


def age(record: Record) -> str:
    """When the run was over, or else begun: what orders records."""
    return record.data.get("finished") or record.created
