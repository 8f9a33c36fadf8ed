"""`graft images`: what is to be built of this checkout, and listed in the environments."""

from __future__ import annotations

from dataclasses import dataclass

from generators import options
from generators.errors import Refused
from generators.fleet import fleet as fleets
from generators.fleet.buildable import Buildable, buildable
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.output import report


def command(
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Name the images that environments wait for and that this checkout can build, with how that is done.

    An image is built from a component's folder at a source, and its digest is listed under `images` by that source.
    """
    options.show(images(options.repository(repo)), output)


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


def _lines(image: Buildable) -> list[str]:
    build = f"docker build --file {image.folder}/Dockerfile --tag {image.image}:{image.source} ."
    listed = f'graft set ENV \'images.{image.component}."{image.source}"="sha256:..."\''
    return [f"{image.component} {image.source} for {', '.join(image.environments)}", f"  {build}", f"  {listed}"]
