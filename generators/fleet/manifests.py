"""The manifests of the whole fleet, each made once for all clusters that say the same, and only where it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from generators.engines.engine import Unsupported
from generators.errors import GraftError, Refused
from generators.fleet import fleet as fleets
from generators.fleet import units
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.parallel import mapped
from generators.fleet.units import Made, Unit
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output.emit import to_yaml
from generators.output.write import Content

RENDERED = "rendered"
COMMAND = "graft render"
_RENDERING, _INSPECTION = "rendering", "inspection"


@dataclass(frozen=True)
class Inspection:
    """A look at the objects of a unit when they are made, whose findings are kept beside them.

    `look` takes what was made and gives findings whose files are those of the unit; `depends_on` is the hash of all
    that it goes by besides.
    """

    look: Callable[[Made], list[Finding]]
    depends_on: str = ""


@dataclass(frozen=True)
class Rendering:
    """The tree of `rendered/`, path to content, and the findings of all that is in it."""

    tree: dict[str, Content]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Kept:
    """What is known of a unit without making it: the digest of each file, and findings still without their folder."""

    files: dict[str, str]
    unsupported: tuple[Unsupported, ...]
    findings: tuple[Finding, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)  # of files that could not be kept


@dataclass(frozen=True)
class _Folder:
    """Where a unit stands in the tree."""

    environment: str
    cluster: str
    name: str
    unit: Unit

    @property
    def path(self) -> str:
        return f"{self.environment}/{self.cluster}/{self.name}"


def render(fleet: Fleet, only: str = "", inspection: Inspection | None = None) -> Rendering:
    """The manifests of every environment, or of one, that nothing is wrong with; what an engine cannot run is found."""
    folders = [folder for name in fleet.renderable(only) for folder in _folders(fleet, name)]
    unlike = list({folder.unit.identity: folder.unit for folder in folders}.values())
    kept = dict(zip((unit.identity for unit in unlike), _all_kept(unlike, fleet.cache, inspection), strict=True))
    tree, findings = {}, []
    for folder in folders:
        found = kept[folder.unit.identity]
        for name, hash_ in found.files.items():
            tree[f"{folder.path}/{name}"] = Content(hash_, partial(_text, fleet.cache, folder.unit, found, name))
        findings += [_placed(finding, folder) for finding in found.findings]
        findings += [fleet.placed(folder.environment, folder.name, problem) for problem in found.unsupported]
    return Rendering(tree, tuple(dict.fromkeys(findings)))


def accepted(repository: Repository, only: str, cache: Cache) -> tuple[Fleet, Rendering]:
    """The fleet and its manifests, or those of one environment; Refused where anything about them is wrong."""
    found = fleets.load(repository, cache)
    if only:
        found.files.require(only)
    rendering = render(found, only)
    failing = [finding for finding in (*found.findings_of(only), *rendering.findings) if finding.failing]
    if failing:
        raise Refused(failing)
    return found, rendering


def _folders(fleet: Fleet, name: str) -> Iterator[_Folder]:
    environment = fleet.environments[name]
    parts = {"platform": units.of_platform(environment, _header(fleet.sources(name)))}
    for pipeline in environment.pipelines:
        definition = fleet.definition(name, pipeline.name)
        header = _header([*fleet.sources(name, pipeline.name), definition.path])
        parts[pipeline.name] = units.of_pipeline(environment, pipeline, definition, header)
    for cluster in environment.clusters:
        yield from (_Folder(name, cluster.name, part, said.on(cluster)) for part, said in parts.items())


def _header(sources: Sequence[str]) -> tuple[str, ...]:
    return (f"Made by `{COMMAND}`; do not edit. Sources:", *(f"  {source}" for source in sources))


def _all_kept(unlike: list[Unit], cache: Cache, inspection: Inspection | None) -> list[_Kept]:
    """What is known of each unit, those that nothing is known of made by all cores."""
    found = [_looked_up(cache, unit, inspection) for unit in unlike]
    missing = [unit for unit, known in zip(unlike, found, strict=True) if known is None]
    missing.sort(key=_pipeline)  # so that one process has few definitions to read
    fresh = zip(missing, mapped(partial(_made, cache, inspection), missing), strict=True)
    made = {unit.identity: known for unit, known in fresh}
    return [known or made[unit.identity] for unit, known in zip(unlike, found, strict=True)]


def _pipeline(unit: Unit) -> str:
    return unit.said.pipeline.name if unit.said.pipeline else ""


def _looked_up(cache: Cache, unit: Unit, inspection: Inspection | None) -> _Kept | None:
    key = cache.key(unit.identity)
    record = cache.get(_RENDERING, key)
    findings = cache.get(_INSPECTION, cache.key(key, inspection.depends_on)) if inspection else []
    if record is None or findings is None:
        return None
    unsupported = tuple(Unsupported(**{**each, "setting": tuple(each["setting"])}) for each in record["unsupported"])
    return _Kept(record["files"], unsupported, tuple(map(Finding.from_record, findings)))


def _made(cache: Cache, inspection: Inspection | None, unit: Unit) -> _Kept:
    """Make a unit, and keep what is to be known of it."""
    made, key = unit.make(), cache.key(unit.identity)
    texts, made = _texts(made, unit)
    files = {name: cache.put_text(text) for name, text in texts.items()}
    cache.put(_RENDERING, key, {"files": files, "unsupported": [vars(each) for each in made.unsupported]})
    findings = tuple(inspection.look(made)) if inspection else ()
    if inspection:
        records = [finding.to_record() for finding in findings]
        cache.put(_INSPECTION, cache.key(key, inspection.depends_on), records)
    lost = {name: text for name, text in texts.items() if not cache.holds_text(files[name])}
    return _Kept(files, made.unsupported, findings, lost)


def _texts(made: Made, unit: Unit) -> tuple[dict[str, str], Made]:
    """The text of each file; what no YAML reader would give back the same is something that cannot be run."""
    try:
        return {name: to_yaml(objects, unit.said.header) for name, objects in made.files.items()}, made
    except GraftError as error:
        return {}, replace(made, files={}, unsupported=(*made.unsupported, Unsupported("yaml", "", error.message)))


def _text(cache: Cache, unit: Unit, kept: _Kept, name: str) -> str:
    """The text of one file, made again where it was not kept or is damaged."""
    text = kept.texts.get(name) or cache.text(kept.files[name])
    return to_yaml(unit.make().files[name], unit.said.header) if text is None else text


def _placed(finding: Finding, folder: _Folder) -> Finding:
    place = replace(finding.place, file=f"{RENDERED}/{folder.path}/{finding.place.file}")
    return replace(finding, place=place)
