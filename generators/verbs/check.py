"""`graft check`: every finding of the inputs and of the rendered tree, or of files that are named, in one pass."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from generators import options
from generators.checks import history, order, registry, rule_changes, schemas
from generators.checks.given import check as given
from generators.checks.given.admission import Admission
from generators.checks.given.contents import Contents, contents
from generators.delivery.names import PLATFORM
from generators.errors import GraftError, Unreadable
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.fleet.inputs import input_places
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report

BaseOption = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="REF",
        help="Compare with it too: a branch that the clusters run, or a commit. Its schemas and policies judge this "
        "checkout besides the checkout's own, so that no change can loosen the rules that it is judged by unseen.",
    ),
]
_OWN = Repository(Path(__file__).resolve().parents[2])  # the schemas of other systems' kinds stand beside graft's code
_UNREADABLE = 2


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Manifests and compiled pipelines, or folders of them; - is standard input."
        ),
    ] = None,
    definitions: Annotated[
        Path | None,
        typer.Option("--definitions", metavar="FOLDER", help="CustomResourceDefinitions of other kinds in the files."),
    ] = None,
    policies: Annotated[
        Path | None,
        typer.Option("--policies", metavar="FOLDER", help="ValidatingAdmissionPolicies to ask about the objects."),
    ] = None,
    env: Annotated[
        str,
        typer.Option("--env", metavar="ENV", help="The environment whose policies are asked, if not a file's own."),
    ] = "",
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    base: BaseOption = "",
    output: options.FindingsOutputOption = options.FindingsOutput.TEXT,
) -> None:
    """Report everything that is wrong with this repository, in every environment, or with the files that are named."""
    if paths:
        if base:
            raise GraftError("--base is for a whole repository, and files are named", "leave one of them out")
        findings, locate = check_files(paths, repo, definitions, policies, env), options.from_top(Path.cwd())
    elif option := next((name for name, value in _of_files(definitions, policies, env) if value), ""):
        raise GraftError(f"{option} is for files, and none is named", "name the files too")
    else:
        repository = options.repository(repo)
        judged = registry.judge(repository, cache := Cache.of_user())
        findings = list(judged.findings)
        if base:
            findings = rule_changes.judged(repository, base, judged, cache)
            findings += history.findings(repository, base)
        locate = options.from_top(repository.root, input_places(judged.fleet))
        if output is options.FindingsOutput.JSON:
            print(report.as_json(findings, {"retried": order.across(judged.fleet, judged.rendering)}))
            raise SystemExit(_status(findings, False))
    report.print_findings(findings, sys.stdout, output.value, locate)
    raise SystemExit(_status(findings, bool(paths)))


def check(repository: Repository, cache: Cache | None = None) -> list[Finding]:
    """The findings of a repository; the rendered tree is compared once its sources are in order."""
    return list(registry.judge(repository, cache or Cache.of_user()).findings)


def _of_files(definitions: Path | None, policies: Path | None, env: str) -> list[tuple[str, object]]:
    """The options that mean nothing without files, with their values."""
    return [("--definitions", definitions), ("--policies", policies), ("--env", env)]


def check_files(
    paths: Sequence[str],
    repo: Path | None = None,
    definitions: Path | None = None,
    policies: Path | None = None,
    env: str = "",
) -> list[Finding]:
    """The findings of files; those in the `rendered/` of a repository are held to what it renders too.

    The policies that are asked are those of a folder, or what is rendered of them for an environment.
    """
    cache = Cache.of_user()
    repository = _repository(repo, paths)
    read = [_read(file) for file in options.files_of(paths)]
    kinds = dict(given.folder_definitions(definitions, cache)) if definitions else {}
    known = schemas.Schemas(schemas.load(repository, cache), {**kinds, **given.given_definitions(read)})
    rendered = [each.file for each in read if _is_rendered(each.file, repository)]
    return list(given.findings(read, known, rendered, _admission(repository, policies, env, known)))


def _admission(
    repository: Repository, policies: Path | None, env: str, known: schemas.Schemas
) -> Callable[[str], Admission]:
    """The policies that a file's objects are asked of, each cluster's read once."""
    own = [obj for file in options.files_of([str(policies)]) for obj in _objects(file, known)] if policies else None
    if env and not repository.files(f"{manifests.RENDERED}/{env}/*/{PLATFORM}/*.yaml"):
        raise GraftError(f"nothing is rendered for a cluster of {env}", "name an environment that is: --env ENV")

    @cache
    def of_cluster(environment: str, cluster: str) -> Admission:
        files = (
            repository.files(f"{manifests.RENDERED}/{environment}/{cluster}/{PLATFORM}/*.yaml") if environment else ()
        )
        around = [obj for file in files for obj in _objects(str(repository.root / file), known)]
        return Admission.of(around if own is None else own, around, environment)

    def of_file(file: str) -> Admission:
        path = Path(file).resolve()
        here = repository.root / manifests.RENDERED
        inside = path.relative_to(here).parts if path.is_relative_to(here) else ()
        if len(inside) > 2 and env in ("", inside[0]):
            return of_cluster(inside[0], inside[1])
        first = next(iter(repository.files(f"{manifests.RENDERED}/{env}/*/{PLATFORM}/*.yaml") if env else ()), "")
        return of_cluster(env, first.split("/")[2] if first else "")

    return of_file


def _objects(file: str, known: schemas.Schemas) -> list[dict[str, Any]]:
    """The objects of a file that must be readable, and what they say they are; Unreadable says why they are not."""
    found = _read(file)
    wrong = found.findings or [
        finding
        for obj in found.objects
        for finding in (*given.of_object(obj, known, False), *given.without_name(obj))
        if finding.verdict == "invalid"
    ]
    if wrong:
        raise Unreadable(wrong)
    return [obj.content for obj in found.objects]


def _read(file: str) -> Contents:
    return contents(options.text_of(file), "<stdin>" if file == "-" else file)


def _repository(repo: Path | None, paths: Sequence[str]) -> Repository:
    """The repository that is named, or that the first path or this folder is in; graft's own outside of any."""
    if repo:
        return Repository.find(repo)
    for start in (*(Path(path) for path in paths if path != "-"), Path.cwd()):
        try:
            return Repository.find(start)
        except GraftError:
            continue
    return _OWN


def _is_rendered(file: str, repository: Repository) -> bool:
    return Path(file).resolve().is_relative_to(repository.root / manifests.RENDERED)


def _status(findings: Sequence[Finding], files: bool) -> int:
    """2 where a file that is named cannot be read, as for any verb that is given one; else 1 for what fails."""
    if files and any(finding.check == "read" and finding.failing for finding in findings):
        return _UNREADABLE
    return int(any(finding.failing for finding in findings))
