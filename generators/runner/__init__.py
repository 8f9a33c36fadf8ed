"""The `local` engine: runs any compiled pipeline on this machine, its steps as processes, without Kubernetes.

`run` is the entry; `settings` says what it needs to know. From the outside in: `preflight` finds what cannot run,
`tasks` runs a task, `dag` orders the tasks of a graph, `loops` repeats one, `step` runs an executor as a `process`.
The engine always runs: it has no cache. A run with a failed step is a failed run, whatever ran in spite of it.
"""

from generators.runner.run import RunResult, run
from generators.runner.running import settle
from generators.runner.settings import Event, Settings, component_packages

__all__ = ["Event", "RunResult", "Settings", "component_packages", "run", "settle"]
