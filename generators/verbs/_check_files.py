"""The findings of files that `graft check PATH...` names, from any repository or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from generators import options
from generators.checks import schemas
from generators.checks.given import check as given
from generators.checks.given.admission import Admission
from generators.checks.given.contents import Contents, contents
from generators.delivery.names import PLATFORM
from generators.errors import GraftError, Unreadable
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding

_OWN = Repository(Path(__file__).resolve().parents[2])  # the schemas of other systems' kinds stand beside graft's code


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
    beside = _beside(rendered, {each.file for each in read})
    return list(given.findings(read, known, rendered, _admission(repository, policies, env, known), beside))


def _beside(rendered: Sequence[str], known: Collection[str]) -> list[Contents]:
    """What is rendered into the same folders, which the objects of a rendered file name."""
    folders = dict.fromkeys(str(Path(file).parent) for file in rendered)
    return [_read(file) for folder in folders for file in options.files_of([folder]) if file not in known]


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
