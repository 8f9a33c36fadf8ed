"""The manifests of the whole fleet, each made once for all clusters that say the same, and only where it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from generators.delivery.names import ARGOCD, PLATFORM
from generators.delivery.needs import Needs, together
from generators.engines.engine import Unsupported
from generators.errors import GraftError, Refused
from generators.fleet import fleet as fleets
from generators.fleet import units
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.parallel import mapped
from generators.fleet.units import ApplicationsUnit, RenderedUnit, Unit, Workload
from generators.inventory.explain import place_of
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Repository
from generators.inventory.recovery.document import Guesses, is_about_a_guess
from generators.ir.steps import steps
from generators.model import Finding
from generators.output.digest import digest
from generators.output.emit import to_yaml
from generators.output.write import Content

RENDERED = "rendered"
COMMAND = "graft render"
_MADE = f"Made by `{COMMAND}`"
MADE_BY = f"# {_MADE}"  # how every file of the tree begins
_RENDERING, _CHECKED, _NEEDS = "rendering", "checked", "needs"


AnyUnit = Unit | ApplicationsUnit


@dataclass(frozen=True)
class ObjectChecks:
    """Checks of the objects of a unit, run when they are made; their findings are kept beside the unit's files.

    `check` takes a rendered unit and gives findings whose files are named inside its folder; `depends_on` is the hash
    of all that it goes by besides.
    """

    check: Callable[[RenderedUnit], list[Finding]]
    depends_on: str = ""


@dataclass(frozen=True)
class Rendering:
    """The tree of `rendered/`, path to content, and the findings of all that is in it."""

    tree: dict[str, Content]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Result:
    """What is known of a unit: the digest of each of its files, and findings that do not name its folder yet."""

    files: dict[str, str]
    unsupported: tuple[Unsupported, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Folder:
    """Where a unit stands in the tree: its pipeline's folder in a cluster's, or `platform`, or beside the clusters'."""

    environment: str
    cluster: str
    name: str
    unit: AnyUnit

    @property
    def path(self) -> str:
        return "/".join(filter(None, (self.environment, self.cluster, self.name)))


def accepted(repository: Repository, only: str, cache: Cache) -> tuple[Fleet, Rendering]:
    """The fleet and its manifests, or those of one environment; Refused where anything about them is wrong."""
    fleet = fleets.load(repository, cache)
    if only:
        fleet.files.require(only)
    rendering = render(fleet, only)
    failing = [finding for finding in (*fleet.findings_of(only), *rendering.findings) if finding.failing]
    if failing:
        raise Refused(failing)
    return fleet, rendering


def render(fleet: Fleet, only: str = "", checks: ObjectChecks | None = None) -> Rendering:
    """The manifests of every environment, or of one, that nothing is wrong with; what an engine cannot run is found."""
    folders = [folder for name in fleet.renderable(only) for folder in _folders(fleet, name)]
    unlike = list({folder.unit.identity: folder.unit for folder in folders}.values())
    results = _results(unlike, fleet.cache, checks)
    tree, findings, refused = {}, [], []
    for folder in folders:
        result = results[folder.unit.identity]
        for name, hash_ in result.files.items():
            tree[f"{folder.path}/{name}"] = Content(hash_, partial(_text, fleet.cache, folder.unit, name))
        findings += [_placed(finding, folder, fleet) for finding in result.findings]
        refused += [(folder, problem) for problem in result.unsupported]
    refused += _refused_elsewhere(fleet, only)
    at_their_lines = (
        (folder.environment, fleet.placed(folder.environment, folder.name, problem)) for folder, problem in refused
    )
    return Rendering(tree, tuple(dict.fromkeys([*findings, *fleets.named(at_their_lines)])))


def _refused_elsewhere(fleet: Fleet, only: str) -> list[tuple[_Folder, Unsupported]]:
    """What engines cannot run of environments that something else is wrong with, as far as that can be made out."""
    names = [name for name in fleet.environments if only in ("", name) and name not in fleet.renderable(only)]
    found = []
    for folder in (folder for name in names for folder in _folders(fleet, name)):
        if not isinstance(folder.unit, Unit):
            continue
        guesses = fleet.files.described[folder.environment].guesses
        with suppress(Exception):  # it holds guesses in place of what is wrong, and is refused already
            for problem in replace(folder.unit, workload=_fitting(folder.unit.workload)).render().unsupported:
                path = ("pipelines", folder.name, "steps", problem.step, *problem.setting)
                if problem.rule != "overlay" and not _is_a_guess(path, folder, problem.rule, guesses):
                    found.append((folder, problem))
    return found


def _is_a_guess(path: KeyPath, folder: _Folder, rule: str, guesses: Guesses) -> bool:
    """Whether what was refused follows from a guess, about the step or a fact of the cluster but its capacity."""
    of_cluster = ("clusters", folder.cluster)
    facts = [guess for guess in guesses if guess[:2] == of_cluster and guess[2:3] != ("capacity",)]
    return bool(facts) or is_about_a_guess(path, rule, guesses)


def _fitting(workload: Workload) -> Workload:
    """A workload without the parameters of its pipeline, and without steps that its definition does not have."""
    pipeline, definition = workload.pipeline, workload.definition
    if pipeline is None or definition is None:
        return workload
    known = {step.path for step in steps(definition.spec)}
    wanted = {path: step for path, step in pipeline.steps.items() if path in known}
    return replace(workload, pipeline=replace(pipeline, parameters={}, steps=wanted))


def _folders(fleet: Fleet, name: str) -> Iterator[_Folder]:
    environment, operations = fleet.environments[name], fleet.operations_image(name)
    deployed, workloads = {}, {}
    for pipeline in environment.pipelines:
        definition = fleet.definition(name, pipeline.name)
        if definition is None:  # a finding says why
            continue
        header = _header([*fleet.sources(name, pipeline.name), definition.path])
        deployed[pipeline.name] = pipeline
        workloads[pipeline.name] = units.pipeline_workload(environment, pipeline, definition, header, operations)
    header = _header(fleet.sources(name))
    for cluster in environment.clusters:
        here = {part: each for part, each in workloads.items() if deployed[part].runs_on(cluster.name)}
        needs = together(environment, [_needs(fleet.cache, each) for each in here.values()])
        around = units.platform_workload(environment, header, needs, operations, fleet.policies)
        yield _Folder(name, cluster.name, PLATFORM, around.on(cluster))
        yield from (_Folder(name, cluster.name, part, each.on(cluster)) for part, each in here.items())
    yield _Folder(name, "", ARGOCD, units.applications_unit(environment, header, fleet.policies))


def _needs(cache: Cache, workload: Workload) -> Needs:
    """What a pipeline needs of a cluster; looked up in its definition only where it has changed."""
    key = cache.key(workload.identity)
    record = cache.get(_NEEDS, key)
    if record is None:
        found = workload.needed()
        cache.put(_NEEDS, key, vars(found))
        return found
    return Needs.from_record(record)


def _header(sources: Sequence[str]) -> tuple[str, ...]:
    return (f"{_MADE}; do not edit. Sources:", *(f"  {source}" for source in sources))


def _results(unlike: list[AnyUnit], cache: Cache, checks: ObjectChecks | None) -> dict[str, _Result]:
    """The result of each unit by its identity; those that nothing is known of are made by all cores."""
    known = {unit.identity: _cached(cache, unit, checks) for unit in unlike}
    missing = [unit for unit in unlike if known[unit.identity] is None]
    missing.sort(key=lambda unit: unit.pipeline)  # so that one process has few definitions to read
    fresh = mapped(partial(_made, cache, checks), missing)
    return known | {unit.identity: result for unit, result in zip(missing, fresh, strict=True)}


def _cached(cache: Cache, unit: AnyUnit, checks: ObjectChecks | None) -> _Result | None:
    key = cache.key(unit.identity)
    record = cache.get(_RENDERING, key)
    findings = cache.get(_CHECKED, cache.key(key, checks.depends_on)) if checks else []
    if record is None or findings is None:
        return None
    unsupported = tuple(Unsupported.from_record(each) for each in record["unsupported"])
    return _Result(record["files"], unsupported, tuple(map(Finding.from_record, findings)))


def _made(cache: Cache, checks: ObjectChecks | None, unit: AnyUnit) -> _Result:
    """Render a unit, check it, and keep what there is to know of it."""
    key = cache.key(unit.identity)
    texts, rendered = _texts(unit.render(), unit)
    files = {name: digest(text) for name, text in texts.items()}
    record = {"files": files, "unsupported": [vars(each) for each in rendered.unsupported]}
    cache.put(_RENDERING, key, record, texts)
    findings = tuple(checks.check(rendered)) if checks else ()
    if checks:
        records = [finding.to_record() for finding in findings]
        cache.put(_CHECKED, cache.key(key, checks.depends_on), records)
    return _Result(files, rendered.unsupported, findings)


def _texts(rendered: RenderedUnit, unit: AnyUnit) -> tuple[dict[str, str], RenderedUnit]:
    """The text of each file; what YAML readers would not read alike is one more thing that cannot be run."""
    try:
        texts = {name: to_yaml(objects, unit.header_of(name)) for name, objects in rendered.files.items()}
        return texts, rendered
    except GraftError as error:
        refused = Unsupported("yaml", "", error.message)
        return {}, replace(rendered, files={}, unsupported=(*rendered.unsupported, refused))


def _text(cache: Cache, unit: AnyUnit, name: str) -> str:
    """The text of one file, made again where it was not kept or is damaged."""
    text = cache.text(_RENDERING, cache.key(unit.identity), name)
    return to_yaml(unit.render().files[name], unit.header_of(name)) if text is None else text


def _placed(finding: Finding, folder: _Folder, fleet: Fleet) -> Finding:
    """A finding in the rendered file; what a policy has against an object at the input that asks for the object."""
    if finding.check != "policy":
        return replace(finding, place=replace(finding.place, file=f"{RENDERED}/{folder.path}/{finding.place.file}"))
    step = ("steps", finding.path) if finding.path else ()
    path = (*input_key(folder.cluster, folder.name), *step)
    place = place_of(fleet.files.merged(folder.environment), path)
    return replace(finding, place=place, path=format_path(path))


def input_key(cluster: str, name: str) -> KeyPath:
    """The key of an environment that a folder of its tree is made for."""
    if name == ARGOCD:
        return ("delivery",)
    return ("clusters", cluster) if name == PLATFORM else ("pipelines", name)
