"""A run on a cluster from its start to its end: what it came to, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generators.errors import RunFailed, Unfollowed
from generators.inventory.read import Repository
from generators.live import following, starting
from generators.live.model import WELL, Run
from generators.live.wanted import Access, Started, Wanted
from generators.output import report


@dataclass(frozen=True)
class Outcome:
    """A run that was started; `run` is how it was seen last, which is its end where it was followed."""

    wanted: Wanted
    started: Started
    run: Run

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The metrics and the outputs of the run, by title."""
        return {"Metrics": dict(self.run.metrics), "Outputs": dict(self.run.outputs)}

    @property
    def places(self) -> dict[str, str]:
        """Where to look further, by what is there."""
        return {"manifest that ran": self._manifest, "run": self.run.name, **self.started.links}

    @property
    def next_steps(self) -> dict[str, str]:
        """Commands to go on with, and what each is for."""
        where = self.wanted.declared.environment.name
        found = {f"graft status {where}": "see what runs where, and how this run ended"}
        return found if self.run.over else found | {self.started.stop: "end the run"}

    def to_json(self) -> str:
        where, run = self.wanted.declared, self.run
        keys = ("name", "phase", "version", "message", "started", "finished", "seconds", "outputs", "metrics")
        more = {key: getattr(run, key) for key in keys}
        steps = [{key: getattr(step, key) for key in ("path", "state", "seconds", "message")} for step in run.steps]
        names = {"environment": where.environment.name, "cluster": where.cluster.name, "engine": where.cluster.engine}
        files = report.files([self._manifest], "manifest")
        given = {"parameters": dict(self.wanted.parameters), "links": dict(self.started.links)}
        found = {"files": files, **names, "pipeline": where.pipeline.name, **given, **more, "steps": steps}
        return report.as_json((), found)

    @property
    def _manifest(self) -> str:
        return f"{self.wanted.declared.folder}/{self.wanted.declared.data['file']}"


def run(
    repository: Repository,
    pipeline: str,
    env: str,
    cluster: str,
    assignments: list[str],
    access: Access,
    tell: following.Tell,
    wait: bool = True,
    environ: Mapping[str, str] | None = None,
) -> Outcome:
    """Start a run of what is rendered for a cluster and, where that is to be waited for, follow it to its end.

    RunFailed says which step failed, Unfollowed that somebody pressed Ctrl-C while it went on.
    """
    more = {} if environ is None else {"environ": environ}
    try:
        wanted, started = starting.start(repository, pipeline, env, cluster, assignments, access, **more)
    except KeyboardInterrupt:
        said = f"interrupted; where the run was being started in {cluster}, it may go on"
        raise Unfollowed(said, f"see whether it does: graft status {env}") from None
    try:
        tell("begun", started.name, 0.0, f"{cluster}: {wanted.version}")
        if not wait:
            return Outcome(wanted, started, Run(started.name, "Pending", wanted.version))
        ended = following.follow(started.now, tell)
    except KeyboardInterrupt:
        raise Unfollowed(f"the run {started.name} goes on in {cluster}", f"end it with: {started.stop}") from None
    if ended.phase not in WELL:
        raise RunFailed(ended.step or pipeline, ended.message or f"the run {started.name} is {ended.phase}")
    return Outcome(wanted, started, ended)
