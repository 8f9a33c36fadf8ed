"""`graft images`: what is to be built of this checkout, and listed in the environments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from generators import options
from generators.catalogue import sbom as sboms
from generators.catalogue.readmes import folders
from generators.checks import locks
from generators.errors import GraftError, Refused
from generators.fleet import fleet as fleets
from generators.fleet.buildable import Buildable, buildable
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.output import report, write


def command(
    sbom: Annotated[
        Path | None,
        typer.Option("--sbom", metavar="DIR", help="Write what is in each image of this checkout there: CycloneDX."),
    ] = None,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Name the images that environments wait for and that this checkout can build, with how that is done.

    An image is built from a component's folder at a source, and its digest is listed under `images` by that source.
    """
    repository = options.repository(repo)
    options.show(write_sboms(repository, sbom) if sbom else images(repository), output)


@dataclass(frozen=True)
class Outcome:
    """The images."""

    images: tuple[Buildable, ...]

    def to_text(self) -> str:
        if not self.images:
            return "every image that this checkout can build is listed"
        return "\n".join(line for image in self.images for line in _lines(image))

    def to_json(self) -> str:
        records = [
            {
                "component": image.component,
                "folder": image.folder,
                "source": image.source,
                "image": image.image,
                "environments": list(image.environments),
            }
            for image in self.images
        ]
        return report.as_json((), {"images": records})


def images(repository: Repository, cache: Cache | None = None) -> Outcome:
    """What is to be built; Refused where it is not known what an environment runs."""
    fleet = fleets.load(repository, cache or Cache.of_user())
    if failing := [finding for finding in fleet.findings if finding.failing]:
        raise Refused(failing)
    return Outcome(tuple(buildable(fleet)))


@dataclass(frozen=True)
class Written:
    """The bills of materials of the images, and the folder that they are in."""

    folder: Path
    files: tuple[str, ...]

    def to_text(self) -> str:
        return "\n".join(str(self.folder / name) for name in self.files) or "no Dockerfile, so no image to describe"

    def to_json(self) -> str:
        files = report.files((str(self.folder / name) for name in self.files), "written")
        return report.as_json((), {"images": [], "files": files})


def write_sboms(repository: Repository, folder: Path) -> Written:
    """Make a folder hold what is in each image of this checkout; Refused where a lock does not say what that is."""
    if failing := [finding for finding in locks.problems(repository, Cache.of_user()) if finding.failing]:
        raise Refused(failing, "no bill of materials was written")
    folder = folder.resolve()
    present = write.files(folder) if folder.is_dir() else ()
    if other := next((name for name in sorted(present) if not name.endswith(sboms.SUFFIX)), ""):
        raise GraftError(
            f"{folder} holds {other}, which is not a bill of materials", "name a new folder with --sbom DIR"
        )
    built = sboms.built_here(repository, folders(repository))
    texts = {f"{image.name}{sboms.SUFFIX}": sboms.bill_of_materials(repository, image) for image in built}
    write.write_folder(folder, texts)
    return Written(folder, tuple(sorted(texts)))


def _lines(image: Buildable) -> list[str]:
    build = f"docker build --file {image.folder}/Dockerfile --tag {image.image}:{image.source} ."
    listed = f'graft set ENV \'images.{image.component}."{image.source}"="sha256:..."\''
    return [f"{image.component} {image.source} for {', '.join(image.environments)}", f"  {build}", f"  {listed}"]
