"""Merges the inventory: for each environment its final parameters, its layers, and every problem on the way.

The rules are reclass's (an earlier layer, then a later one), with one of graft's own:

    earlier    later      gives
    scalar     scalar     the later one
    mapping    mapping    both, key by key, by these rules
    list       list       the earlier items, then the later; refused where the later stands in environments/
    anything   ~key       the later one, whatever it is; nothing of the earlier stays
    anything   null       null
    null       anything   the later one
    scalar     mapping    refused, and so is every other change of kind
    ${a:b}     anything   the rule for what a:b is, once it is known
    anything   ${a:b}     the same

Appending to a list is refused in `environments/` because a network with two layers too many is still a network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from generators.errors import GraftError
from generators.inventory.expansion import expansion
from generators.inventory.interpolation import without_bad_interpolations
from generators.inventory.layers import Layer, class_name, layering
from generators.inventory.list_merge import appended_lists
from generators.inventory.read import Document, MergeFailed, Reclass, Repository
from generators.inventory.recovery.merge import merge_with_repairs
from generators.inventory.trace import Trace
from generators.model import Finding, Place
from generators.suggestions import did_you_mean

_NAMED = ("environments", "base", "components", "definitions")  # folders in which a file goes by its name


@dataclass(frozen=True)
class Environment:
    """One environment: the layers that it is merged from and what they give.

    `sound` is False where the inventory has findings: `parameters` is then the merge of what could be repaired by
    a guess, good for finding further problems and for nothing else, or None where not even that is possible.
    """

    name: str
    file: str
    layers: tuple[Layer, ...]
    parameters: dict[str, Any] | None
    sound: bool = True

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of its classes, in the order of merging."""
        return tuple(layer.name for layer in self.layers[:-1])

    @cached_property
    def trace(self) -> Trace:
        """Where its values come from."""
        return Trace(self.layers, self.parameters)


@dataclass(frozen=True)
class Inventory:
    """Every environment by name, every input file as written, and every problem of any of them."""

    environments: Mapping[str, Environment]
    documents: Mapping[str, Document]
    findings: tuple[Finding, ...]

    def environment(self, name: str) -> Environment:
        """The environment of that name; GraftError with the nearest one where there is none."""
        if name in self.environments:
            return self.environments[name]
        known = ", ".join(self.environments) or "none"
        fix = did_you_mean(name, self.environments) or f"write environments/{name}.yml"
        raise GraftError(f"there is no environment {name}; there are: {known}", fix)


class _Classes(Mapping[str, Document]):
    """The classes of `base/` by name, each read when it is asked for."""

    def __init__(self, repository: Repository, files: Iterable[str]) -> None:
        self._repository, self._files = repository, {class_name(file): file for file in files}
        self.read: dict[str, Document] = {}

    def __getitem__(self, name: str) -> Document:
        file = self._files[name]
        if file not in self.read:
            self.read[file] = self._repository.document(file)
        return self.read[file]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def load(repository: Repository, only: Collection[str] | None = None) -> Inventory:
    """Reads and merges `base/` and `environments/`; what is wrong comes back as findings.

    With `only`, the environments of these files and the classes that they list, and nothing else.
    """
    files = repository.files("base/**/*.yml")
    classes = _Classes(repository, files)
    wanted = repository.files("environments/*.yml") if only is None else only
    names = misnamed(repository)
    engine = None if names or repository.edits else _engine(repository)  # it reads the disk by itself
    environments, findings = {}, defaultdict(list)
    nodes = {file: repository.document(file) for file in wanted}
    for document in nodes.values():
        environment, found = _merge(engine, document, classes)
        environments[environment.name] = environment
        for finding in found:
            findings[finding].append(environment.name)
    documents = {file: repository.document(file) for file in files} if only is None else classes.read
    documents = {**documents, **nodes}
    written = [finding for document in documents.values() for finding in document.findings]
    return Inventory(environments, documents, _sorted([*names, *written, *_once(findings)]))


def _merge(
    engine: Reclass | None, document: Document, classes: Mapping[str, Document]
) -> tuple[Environment, list[Finding]]:
    name = document.file.split("/")[-1].removesuffix(".yml")
    ordered = layering(document, name, classes)
    documents = [*(classes[layer.name] for layer in ordered.layers[:-1]), document]
    bounded = expansion(ordered.layers)
    layers, refused = without_bad_interpolations(ordered.layers) if not bounded else (ordered.layers, [])
    findings, parameters = [*ordered.findings, *bounded, *refused], None
    if engine and not findings and all(entry.mergeable for entry in documents):
        parameters = _as_written(engine, name)
    if parameters is None and ordered.whole and not bounded:
        parameters, refusals = merge_with_repairs(name, layers)
        findings += refusals
    findings += appended_lists(ordered.layers, parameters)
    sound = parameters is not None and not findings and not any(entry.findings for entry in documents)
    return Environment(name, document.file, ordered.layers, parameters, sound), findings


def _engine(repository: Repository) -> Reclass:
    try:
        return Reclass(repository.root)
    except MergeFailed as error:
        message = f"reclass-rs cannot read the inventory in {repository.root}: {error}"
        raise GraftError(message, "a repository holds base/ and environments/, and both must be readable") from error


def _as_written(engine: Reclass, name: str) -> dict[str, Any] | None:
    """The merge of the files themselves, or None where reclass-rs refuses them."""
    try:
        return engine.parameters(name)
    except MergeFailed:
        return None


def misnamed(repository: Repository) -> list[Finding]:
    """Files under a name that cannot be read, or that reclass would take for a class or environment and graft not."""
    ambiguous = _ambiguous_classes(repository.files("base/**/*.yml"))
    return [*_undecodable(repository), *_elsewhere(repository), *ambiguous]


def _undecodable(repository: Repository) -> list[Finding]:
    found = (file for folder in _NAMED for file in repository.files(f"{folder}/**/*") if not _is_utf8(file))
    return [_refuse_file(file, "the file's name is not UTF-8", "rename it") for file in found]


def _is_utf8(name: str) -> bool:
    """Whether a name is text: Python puts lone surrogates for bytes that are not UTF-8."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _elsewhere(repository: Repository) -> list[Finding]:
    elsewhere = set(repository.files("environments/**/*.yml")) - set(repository.files("environments/*.yml"))
    misspelt = [*repository.files("base/**/*.yaml"), *repository.files("environments/**/*.yaml")]
    message = "an environment stands directly in environments/"
    findings = [_refuse_file(file, message, f"move it to environments/{file.split('/')[-1]}") for file in elsewhere]
    for file in misspelt:
        fix = f"rename it to {file.removesuffix('.yaml')}.yml"
        findings.append(_refuse_file(file, "inventory files end in .yml", fix))
    return findings


def _ambiguous_classes(files: Iterable[str]) -> list[Finding]:
    by_name: dict[str, str] = {}
    findings = []
    for file in files:
        other = by_name.setdefault(class_name(file), file)
        if other != file:
            message = f"the class {class_name(file)} is also in {other}"
            findings.append(_refuse_file(file, message, "keep one of the two files"))
    return findings


def _refuse_file(file: str, message: str, fix: str) -> Finding:
    return Finding("invalid", "read", "file-name", Place(file), "", message, found=file, fix=fix)


def _once(findings: Mapping[Finding, list[str]]) -> list[Finding]:
    """Each finding once; one that stands in a class names the environments that it was found in."""
    return [
        finding
        if finding.place.file.startswith("environments/")
        else replace(finding, message=f"{finding.message} (in {', '.join(environments)})")
        for finding, environments in findings.items()
    ]


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.place, finding.rule, finding.message)))
