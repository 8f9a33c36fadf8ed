"""`graft run`: run the rendered pipeline on this machine or start it on a cluster, and show what came out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from generators import options
from generators.engines.registry import engine
from generators.errors import GraftError, Refused, RunFailed, Stale
from generators.fleet import git, given, manifests
from generators.fleet.cache import Cache
from generators.fleet.manifests import COMMAND, RENDERED
from generators.fleet.stale import stale_files
from generators.fleet.summary import Rendered, clusters
from generators.inventory.read import Repository
from generators.ir.compile import component_folder, sources
from generators.ir.compiled import read_compiled
from generators.ir.definitions import Definition
from generators.live.wanted import Access
from generators.model import Environment
from generators.output import report, write
from generators.output.outcome import show_outcome
from generators.output.progress import Progress
from generators.runner import Event, RunResult, Settings, reuse, settle
from generators.runner import run as run_locally
from generators.runner.artifacts import artifact_texts, metrics, outputs, pictures, run_record, written_since
from generators.runner.run import RUNS
from generators.suggestions import did_you_mean

_SQLITE = "sqlite:///"


def command(
    pipeline: Annotated[str, typer.Argument(help="A pipeline, such as transfer-learning.")],
    env: Annotated[str, typer.Option(help="An environment that runs on this machine, or has the cluster.")] = "local",
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter for this run.")
    ] = None,
    from_: Annotated[
        str, typer.Option("--from", metavar="STEP", help="Take what stands before a step from the last run.")
    ] = "",
    changed: Annotated[
        bool, typer.Option("--changed", help="Take from the last run every step whose code and inputs are the same.")
    ] = False,
    cluster: Annotated[str, typer.Option(help="Start what is rendered for this cluster, and follow it there.")] = "",
    no_wait: Annotated[bool, typer.Option("--no-wait", help="With --cluster: start the run, and leave it.")] = False,
    api: Annotated[str, typer.Option(metavar="URL", help="With --cluster: the API of Kubeflow Pipelines.")] = "",
    existing_token: Annotated[
        str, typer.Option(envvar="KFP_TOKEN", metavar="TOKEN", help="A token for that API, as kfp takes it.")
    ] = "",
    iap_client_id: Annotated[
        str, typer.Option(metavar="ID", help="The client of Google's proxy before that API, as kfp takes it.")
    ] = "",
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Run the rendered pipeline on this machine, with progress, metrics and pictures at the end.

    With --cluster it is started there, as it is rendered for that cluster, and followed to its end. Ctrl-C then ends
    the following and leaves the run.
    """
    console = Console(stderr=output is options.Output.JSON)
    if cluster:
        only_here = {"--from": bool(from_), "--changed": changed}
        _refuse(only_here, f"is for runs on this machine, and --cluster {cluster} is another place")
        access = Access(api, existing_token, iap_client_id)
        _on_cluster(options.repository(repo), pipeline, env, cluster, set_ or [], access, not no_wait, console, output)
        return
    only_there = {"--no-wait": no_wait, "--api": bool(api), "--iap-client-id": bool(iap_client_id)}
    _refuse(only_there, "goes with --cluster, which names where the run is to be started")
    if from_ and changed:
        raise GraftError("--from and --changed do not go together", "--from runs a step though nothing has changed")
    begin_at = from_ if from_ or changed else None
    _here(options.repository(repo), pipeline, env, set_ or [], begin_at, console, output)


def _here(
    repository: Repository,
    pipeline: str,
    env: str,
    assignments: list[str],
    begin_at: str | None,
    console: Console,
    output: options.Output,
) -> None:
    """Run it on this machine, and print what it came to."""
    progress = Progress(console)

    def show(event: Event) -> None:
        progress.show(event.kind, event.path, event.seconds, event.text)

    try:
        done = run(repository, pipeline, env, assignments, show, begin_at)
    except RunFailed as failed:
        if output is options.Output.TEXT and failed.step in progress.failed:
            failed.message = f"step {failed.step} failed"  # why was told when it did
        raise
    if output is options.Output.JSON:
        print(done.to_json())
    else:
        lines = map(Rendered.to_text, done.clusters)
        show_outcome(console, done.markdown, done.tables, lines, done.places, done.next_steps)


def _refuse(given: dict[str, bool], why: str) -> None:
    """Refuse the first option that was given where it means nothing."""
    for option, is_given in given.items():
        if is_given:
            raise GraftError(f"{option} {why}", "leave one of them out")


def _on_cluster(
    repository: Repository,
    pipeline: str,
    env: str,
    cluster: str,
    assignments: list[str],
    access: Access,
    wait: bool,
    console: Console,
    output: options.Output,
) -> None:
    """Start the run, follow it, and print what it came to."""
    from generators.live import running  # which a run on this machine need not wait for

    progress = Progress(console)
    done = running.run(repository, pipeline, env, cluster, assignments, access, progress.show, wait)
    if output is options.Output.JSON:
        print(done.to_json())
    else:
        show_outcome(console, (), done.tables, (), done.places, done.next_steps)


@dataclass(frozen=True)
class Outcome:
    """A finished run: its result, the documents that it wrote for people, and where to look further."""

    result: RunResult
    root: Path
    manifest: str
    database: str
    clusters: tuple[Rendered, ...]

    @property
    def markdown(self) -> list[str]:
        """The text of every Markdown artifact, in the order of the steps."""
        return artifact_texts(self.result, "system.Markdown", self.root)

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The metrics and the outputs of the run, by title."""
        return {"Metrics": metrics(self.result), "Outputs": outputs(self.result)}

    @property
    def pictures(self) -> list[str]:
        """The pages and pictures among the artifacts, as paths from the repository."""
        return [_relative(path, self.root) for path in pictures(self.result, self.root)]

    @property
    def records(self) -> str:
        """The database that MLflow has written to in this run; "" where it is not known that it has."""
        file = self.database.removeprefix(_SQLITE)
        return self.database if file != self.database and written_since(self.result, self.root / file) else ""

    @property
    def places(self) -> dict[str, str]:
        """What a person may want to open, by what it is."""
        found = {"manifest that ran": self.manifest, "run": _relative(self.result.directory, self.root)}
        found |= {"pictures": ", ".join(self.pictures)} if self.pictures else {}
        return found | ({"MLflow records": self.records} if self.records else {})

    @property
    def next_steps(self) -> dict[str, str]:
        """Commands to go on with, and what each is for."""
        name, environment = self.result.pipeline, self.manifest.split("/")[1]
        found = {
            f"graft run {name} --set KEY=VALUE": "run again with another parameter, for this run alone",
            f"graft run {name} --changed": "after an edit of a component: run what it changes, reuse the rest",
            f"graft explain {environment} pipelines.{name}": "see where every value comes from",
            "graft render": "after an edit of base/ or environments/: see by git diff what every cluster would run",
        }
        browse = {f"mlflow ui --backend-store-uri {self.records}": "browse all runs, models and pictures"}
        return found | (browse if self.records else {})

    def to_json(self) -> str:
        files = report.files([self.manifest], "manifest")
        files += report.files([_relative(self.result.directory / "run.json", self.root)], "run")
        files += report.files(self.pictures, "picture")
        more = {"files": files, "metrics": metrics(self.result), "mlflow": self.records, "unkept": self.result.unkept}
        return report.as_json((), run_record(self.result) | more)


def run(
    repository: Repository,
    pipeline: str,
    env: str,
    assignments: list[str],
    on_event: Callable[[Event], None],
    begin_at: str | None = None,
) -> Outcome:
    """Run `pipeline` as it is rendered for `env`, with parameters given as KEY=VALUE for this run alone.

    With `begin_at` what stands before that step is taken from the last run; "" begins at whatever has changed.
    Refused, Stale or RunFailed say why there is no outcome.
    """
    fleet, rendering = manifests.accepted(repository, env, Cache.of_user())
    manifest = _manifest(fleet.environments[env], pipeline)
    _same_code(repository, fleet.definition(env, pipeline))
    if manifest in stale_files(fleet, rendering, env):
        raise Stale([manifest], f"run: {COMMAND}")
    parameters = given.parameters(fleet, env, pipeline, assignments)
    compiled = read_compiled(repository.text(manifest), manifest)
    if compiled.findings:
        raise Refused(compiled.findings)
    settings = Settings(repository=repository.root, on_event=on_event, source=manifest)
    settle(write.scratch(repository.root, RUNS.name), on_event)
    if begin_at is not None:
        settings = replace(settings, reuse=reuse.last(repository.root / RUNS / pipeline, pipeline, begin_at))
    result = run_locally(compiled.spec, compiled.platform, parameters, settings=settings)
    lines = tuple(clusters(fleet))
    return Outcome(result, repository.root, manifest, fleet.environments[env].database.url, lines)


def _manifest(environment: Environment, pipeline: str) -> str:
    """The rendered file that runs here; GraftError where the environment has no such cluster or pipeline."""
    deployed = [known.name for known in environment.pipelines]
    if pipeline not in deployed:
        message = f"{environment.name} has no pipeline {pipeline!r}; it has: {', '.join(deployed) or 'none'}"
        raise GraftError(message, did_you_mean(pipeline, deployed) or "name one of these")
    for cluster in environment.clusters:
        if file := engine(cluster.engine).here:
            return f"{RENDERED}/{environment.name}/{cluster.name}/{pipeline}/{file}"
    names = ", ".join(cluster.name for cluster in environment.clusters)
    fix = f"start it on one of its clusters, --cluster {names}; or name an environment with `engine: local`"
    raise GraftError(f"no cluster of {environment.name} is this machine", fix)


def _same_code(repository: Repository, definition: Definition) -> None:
    """Refuse a pinned definition of other code: steps run here from the checkout, whatever their images hold."""
    here = sources(definition.sources, repository)
    for component, source in definition.sources.items():
        if here.get(component) != source:
            message = (
                f"definition {definition.hash} of {definition.pipeline} runs {component} of source {source}, and the "
                f"code here is {here.get(component, 'gone')}"
            )
            commit = git.commit_with_source(repository, component_folder(component), source)
            fix = f"git checkout {commit.split()[0]}" if commit else "no commit has it"
            fix = f"write track: head, or go to a commit of that source: {fix}"
            raise GraftError(message, fix)


def _relative(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
