"""`graft new`: something that renders and passes its checks at once, to be changed into one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer

from generators import options
from generators.engines.registry import ENGINES, engine
from generators.errors import GraftError, Refused
from generators.fleet import environments, manifests
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments, file_of
from generators.inventory.layers import class_of
from generators.inventory.read import Repository
from generators.ir.user_code import COMPONENTS
from generators.output import report, write
from generators.scaffold import files, names, policies
from generators.scaffold.environments import made_from, with_cluster, with_pipeline
from generators.scaffold.names import Name


class Kind(StrEnum):
    """What can be made."""

    COMPONENT = "component"
    PIPELINE = "pipeline"
    ENVIRONMENT = "environment"
    CLUSTER = "cluster"
    POLICY = "policy"


_TAKES = {  # the options of each kind
    "env": (Kind.PIPELINE, "a component runs where a pipeline runs it"),
    "from": (Kind.ENVIRONMENT, "it is the environment to start from"),
    "engine": (Kind.CLUSTER, "it is what runs pipelines there"),
    "server": (Kind.CLUSTER, "it is its API server"),
    "fact": (Kind.CLUSTER, "it is what its engine must know"),
}


def command(
    kind: Annotated[Kind, typer.Argument(help="What is made.")],
    name: Annotated[
        list[str], typer.Argument(metavar="NAME", help="Its name, such as churn-model; of a cluster ENV NAME.")
    ],
    env: Annotated[
        list[str] | None,
        typer.Option("--env", help="An environment to run the pipeline; by default all that pin no definition."),
    ] = None,
    source: Annotated[str, typer.Option("--from", metavar="ENV", help="The environment to start from.")] = "",
    engine: Annotated[str, typer.Option(help=f"The cluster's engine: {', '.join(ENGINES)}.")] = "",
    server: Annotated[str, typer.Option(metavar="URL", help="The cluster's API server.")] = "",
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="KEY=VALUE", help="Another fact of the cluster.")
    ] = None,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Write a component, pipeline, environment, cluster or policy that works at once: change it into your own.

    Examples:

      graft new pipeline churn-model

      graft new environment canary --from staging

      graft new cluster staging staging-ap --engine argo --server https://ap.staging.internal:6443

      graft new policy services-name-no-host
    """
    given = {"env": env or [], "from": source, "engine": engine, "server": server, "fact": fact or []}
    options.show(new(options.repository(repo), kind, name, **given), output)


@dataclass(frozen=True)
class Outcome:
    """The files that were written or edited, and the commands to go on with."""

    written: tuple[str, ...]
    edited: tuple[str, ...]
    next_steps: tuple[str, ...]

    def to_text(self) -> str:
        changes = [f"  wrote   {path}" for path in self.written] + [f"  edited  {path}" for path in self.edited]
        return "\n".join([*changes, "next:", *(f"  {step}" for step in self.next_steps)])

    def to_json(self) -> str:
        done = [*report.files(self.written, "written"), *report.files(self.edited, "edited")]
        return report.as_json((), {"files": done, "next": list(self.next_steps)})


def new(repository: Repository, kind: Kind, name: str | Sequence[str], env: Sequence[str] = (), **more: Any) -> Outcome:
    """Write the files of something new; GraftError, and nothing written, where one of them is there already."""
    given = {"env": list(env), **more}
    for option, value in given.items():
        if value and _TAKES[option][0] is not kind:
            wanted, why = _TAKES[option]
            raise GraftError(f"--{option} is for a {wanted}: {why}", "leave it out")
    words = [name] if isinstance(name, str) else list(name)
    if len(words) != (2 if kind is Kind.CLUSTER else 1):
        form = "ENV NAME" if kind is Kind.CLUSTER else "NAME"
        raise GraftError(f"a {kind} is named by {form}, found: {' '.join(words)}", f"graft new {kind} {form}")
    made, edited, following = _MAKERS[kind](repository, words, given)
    for file, content in {**made, **edited}.items():
        write.write_file_atomically(repository.root / file, content, repository.root)
    return Outcome(tuple(sorted(made)), tuple(sorted(edited)), tuple(following))


Made = tuple[Mapping[str, str], Mapping[str, str], list[str]]  # files that are new, files with edits, what to do next


def _component(repository: Repository, words: Sequence[str], given: Mapping[str, Any]) -> Made:
    name = names.checked(words[0])
    following = [_tests(name), f"graft new pipeline {name.text}, or write one that imports components.{name.module}"]
    return _fresh(repository, files.component(name)), {}, following


def _pipeline(repository: Repository, words: Sequence[str], given: Mapping[str, Any]) -> Made:
    name = names.checked(words[0])
    own = {} if repository.exists(f"{COMPONENTS}/{name.module}") else files.component(name)
    made = _fresh(repository, {**own, **files.pipeline(name)})
    following = ["graft render", "graft check", f"graft run {name.text}", _tests(name)]
    return made, _with_entries(repository, name, given["env"]), [*following, f"change it: {class_of(name.text)} and on"]


def _environment(repository: Repository, words: Sequence[str], given: Mapping[str, Any]) -> Made:
    name, source = names.plain(words[0]).text, given.get("from", "")
    known = environments.load(repository, Cache.of_user())
    if not source:
        fix = f"graft new environment {name} --from {known.names[0] if known.names else 'ENV'}"
        raise GraftError("--from is missing: the environment to start from", fix)
    known.require(source)
    text = made_from(repository.text(file_of(source)), file_of(name), source, name)
    made = _fresh(repository, {file_of(name): text})
    _require_accepted(repository, made)
    return made, {}, [f"look through {file_of(name)}: its database, bucket and clusters", "graft render", "graft check"]


def _cluster(repository: Repository, words: Sequence[str], given: Mapping[str, Any]) -> Made:
    environment, name = words[0], names.plain(words[1]).text
    known = environments.load(repository, Cache.of_user())
    known.require(environment)
    facts = _facts(known, environment, given.get("engine", ""), given.get("server", ""), given.get("fact", []))
    file = file_of(environment)
    edited = {file: with_cluster(repository.text(file), file, name, facts)}
    _require_accepted(repository, edited)
    return {}, edited, [f"look through clusters.{name} in {file}", "graft render", "graft check"]


def _facts(known: Environments, environment: str, wanted: str, server: str, more: Sequence[str]) -> dict[str, Any]:
    """What a cluster says of itself: what is given, and what the environment's others of its engine say too."""
    if not wanted:
        raise GraftError("--engine is missing", f"name one of {', '.join(ENGINES)}")
    kind, described = engine(wanted), known.described.get(environment)
    others = described.document.get("clusters", {}).values() if described else ()
    alike = next((each for each in others if each["engine"] == wanted), {})
    given = dict(text.split("=", 1) for text in more if "=" in text)
    if len(given) < len(more):
        raise GraftError("--fact is KEY=VALUE", "for example --fact mode=multi-user")
    facts: dict[str, Any] = {"engine": wanted, **({"server": server} if server else {})}
    for key in ("mode", "project", "location", "service_account", "pod_security", "kserve"):
        if key in alike:
            facts[key] = alike[key]
    if kind.on_kubernetes:
        capacity = next((each["capacity"] for each in others if "capacity" in each), {"cpu": "16", "memory": "64Gi"})
        facts["capacity"] = {key: capacity[key] for key in ("cpu", "memory")}
        facts.setdefault("pod_security", "restricted")
    if "mode" in kind.needs and "mode" not in {**facts, **given}:
        facts["mode"] = "multi-user"
    facts |= given
    if missing := [key for key in kind.needs if key not in facts]:
        asked = [f"--{key} ..." if key == "server" else f"--fact {key}=..." for key in missing]
        raise GraftError(f"a cluster of {wanted} must say {', '.join(missing)}", f"add {' '.join(asked)}")
    return facts


def _policy(repository: Repository, words: Sequence[str], given: Mapping[str, Any]) -> Made:
    name = names.plain(words[0])
    made = _fresh(repository, policies.policy(name))
    edited = {}
    if repository.exists(policies.PAGE):
        text = made[f"schemas/policies/{name.text}.yaml"]
        edited[policies.PAGE] = policies.with_row(repository.text(policies.PAGE), name.text, text)
    following = [f"change schemas/policies/{name.text}.yaml and its examples", "python -m pytest tests/policies"]
    return made, edited, [*following, "graft render", "graft check"]


_MAKERS = {
    Kind.COMPONENT: _component,
    Kind.PIPELINE: _pipeline,
    Kind.ENVIRONMENT: _environment,
    Kind.CLUSTER: _cluster,
    Kind.POLICY: _policy,
}


def _fresh(repository: Repository, made: Mapping[str, str]) -> Mapping[str, str]:
    if there := [file for file in sorted(made) if repository.exists(file)]:
        raise GraftError(f"{there[0]} is there already, and nothing was written", "take another name, or remove it")
    return made


def _require_accepted(repository: Repository, edits: Mapping[str, str]) -> None:
    """Refused, and nothing written, where what is new does not render and pass."""
    try:
        manifests.accepted(repository.edited(edits), "", Cache.of_user())
    except Refused as refused:
        raise Refused(refused.findings, "nothing was written") from None


def _with_entries(repository: Repository, name: Name, wanted: Sequence[str]) -> dict[str, str]:
    """The files of the environments that are to run the pipeline, with it."""
    known = environments.load(repository, Cache.of_user())
    for each in wanted:
        known.require(each)
    chosen = list(wanted) or list(_following(known))
    if not chosen:
        raise GraftError("every environment pins definitions, and a new pipeline has none yet", "name one by --env")
    return {file_of(each): with_pipeline(repository.text(file_of(each)), file_of(each), name.text) for each in chosen}


def _following(known: Environments) -> Iterable[str]:
    """The environments that follow the code of all their pipelines."""
    for name, described in known.described.items():
        if not any(pipeline.definition for pipeline in described.environment.pipelines):
            yield name


def _tests(name: Name) -> str:
    return f"python -m pytest {COMPONENTS}/{name.module}"
