"""What is in an image, as a bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).

It is made from what the image is built from: the component's own code at its source, the package that all share, every
locked package with who asks for it, and the images below by digest. The same sources give the same bytes, so it says no
time. Of the system's packages in the Python image it knows nothing; a scanner of the built image does.
"""

from __future__ import annotations

import importlib.metadata
import json
import tomllib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generators.catalogue.dockerfiles import DOCKERFILE, images, stands_on_base
from generators.catalogue.locks import LOCK, REQUIREMENTS, Locked, lines, locked
from generators.catalogue.readmes import WRAPPERS
from generators.inventory.read import Repository
from generators.ir.compile import SHARED, sources
from generators.model import UNBUILT

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component

SUFFIX = ".cdx.json"
BASE = "base"  # what the image of components/shared is called
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/graft")  # of serial numbers, made from the content


@dataclass(frozen=True)
class Image:
    """An image that this checkout can build: its name, the folder of its Dockerfile, and the source of that."""

    name: str
    folder: str
    source: str


def built_here(repository: Repository, folders: Iterable[str]) -> Iterator[Image]:
    """The images that the Dockerfiles of components make, the base image first where there is one."""
    for folder in (SHARED, *folders):
        if repository.exists(f"{folder}/{DOCKERFILE}"):
            name = BASE if folder == SHARED else PurePosixPath(folder).name.replace("_", "-")
            of_steps = repository.exists(f"{folder}/{WRAPPERS}")
            source = sources([name], repository)[name] if of_steps else repository.source(folder)
            yield Image(name, folder, source)


def bill_of_materials(repository: Repository, image: Image) -> str:
    """That of an image, as JSON; its serial number is made from the rest."""
    from cyclonedx.output.json import JsonV1Dot6

    document = json.loads(JsonV1Dot6(_bom(repository, image)).output_as_string())
    del document["metadata"]["timestamp"], document["serialNumber"]
    serial = uuid.uuid5(_NAMESPACE, json.dumps(document, sort_keys=True))
    first = {name: document.pop(name) for name in ("$schema", "bomFormat", "specVersion", "version", "metadata")}
    whole = {**first, "serialNumber": f"urn:uuid:{serial}", **document}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _bom(repository: Repository, image: Image) -> Bom:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType

    bom, whole = Bom(), _whole(image)
    bom.metadata.component = whole
    version = importlib.metadata.version("graft")
    bom.metadata.tools.components.add(Component(name="graft", type=ComponentType.APPLICATION, version=version))
    layers = [SHARED, image.folder] if _on_base(repository, image.folder) else [image.folder]
    below = [each for folder in reversed(layers) for each in _below(repository, folder)]
    packages = [(each, _package(each)) for each in _installed(repository, layers)]
    code = list(_code(repository, layers))
    asked = {f"-r {folder}/{REQUIREMENTS}" for folder in layers}
    direct = [found for each, found in packages if asked & {*each.line.askers}]
    for each in (*below, *code, *(found for _, found in packages)):
        bom.components.add(each)
        bom.register_dependency(each, _needs(each, packages))
    bom.register_dependency(whole, [*below, *code, *direct])
    return bom


def _installed(repository: Repository, layers: Iterable[str]) -> list[Locked]:
    """The packages of these images one upon the other, each as the last of them has it, for whoever asks for it."""
    found: dict[str, Locked] = {}
    for each in (each for folder in layers for each in _locked(repository, folder)):
        before = found[each.name].line.askers if each.name in found else ()
        found[each.name] = replace(each, line=replace(each.line, askers=(*before, *each.line.askers)))
    return list(found.values())


def _needs(component: Component, packages: Iterable[tuple[Locked, Component]]) -> list[Component]:
    """The packages that are there for another one."""
    return [found for each, found in packages if component.name in each.askers]


def _locked(repository: Repository, folder: str) -> Iterator[Locked]:
    file = f"{folder}/{LOCK}"
    if repository.exists(file):
        yield from locked(lines(repository.text(file)))


def _on_base(repository: Repository, folder: str) -> bool:
    there = folder != SHARED and repository.exists(f"{SHARED}/{DOCKERFILE}")
    return there and stands_on_base(repository, folder)


def _whole(image: Image) -> Component:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType

    folder = Property(name="graft:folder", value=image.folder)
    return Component(
        name=image.name, version=image.source, type=ComponentType.CONTAINER, bom_ref=image.name, properties=[folder]
    )


def _below(repository: Repository, folder: str) -> Iterator[Component]:
    """The images that a Dockerfile takes from, each by its digest where that is known."""
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType

    for _, reference in images(repository.text(f"{folder}/{DOCKERFILE}")):
        name, _, digest = reference.partition("@")
        known = digest if digest != UNBUILT else ""
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=known.removeprefix("sha256:"))] if known else []
        kind = ComponentType.CONTAINER
        yield Component(name=name, version=known or None, type=kind, bom_ref=name, hashes=hashes)


def _code(repository: Repository, layers: Iterable[str]) -> Iterator[Component]:
    """The packages that are installed of folders of this repository."""
    from cyclonedx.model.component import Component, ComponentType

    for folder in layers:
        file = f"{folder}/pyproject.toml"
        if repository.exists(file):
            project = tomllib.loads(repository.text(file))["project"]
            name, version = project["name"], project.get("version")
            yield Component(name=name, version=version, type=ComponentType.LIBRARY, bom_ref=folder)


def _package(package: Locked) -> Component:
    """A locked package; its hashes are those of all files of the release, one of which is installed."""
    from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    purl = PackageURL(type="pypi", name=package.name, version=package.version)
    content = (each.removeprefix("sha256:") for each in package.line.hashes if each.startswith("sha256:"))
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in content]
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(purl)),
        hashes=hashes,
        comment="the release's files, one of which is installed",
    )
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=str(purl),
        external_references=[files],
    )
