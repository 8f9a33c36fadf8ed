"""The image of the component `operations`, which runs beside the pipelines of an environment that is delivered.

It is no step's, so no definition says which source it is of: an environment runs the one whose digest it lists, and
where it lists several that of the checkout. So one that is to follow later lists the older one.
"""

from __future__ import annotations

from generators.engines.registry import engine
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from generators.ir.compile import component_folder
from generators.model import UNBUILT, Environment, Image

OPERATIONS = "operations"


def is_needed(environment: Environment) -> bool:
    """Whether an environment has a cluster that anything is delivered to."""
    return bool(environment.delivery) and any(engine(each.engine).on_kubernetes for each in environment.clusters)


def source(environment: Environment, repository: Repository) -> str:
    """The source of the component as it is now, "" where an environment or the repository has none."""
    folder = component_folder(OPERATIONS)
    return repository.source(folder) if is_needed(environment) and repository.exists(folder) else ""


def image(environment: Environment, repository: Repository) -> str:
    """The whole reference of the image, "" where the environment needs none."""
    if not is_needed(environment):
        return ""
    known = environment.images.get(OPERATIONS, Image())
    return known.reference or f"{environment.registry}/{OPERATIONS}@{_digest(known, source(environment, repository))}"


def unbuilt(environment: Environment, repository: Repository) -> list[Problem]:
    """Why the image that is rendered is a placeholder; empty where it is not."""
    if not is_needed(environment) or not image(environment, repository).endswith(UNBUILT):
        return []
    path = ("images", OPERATIONS) if OPERATIONS in environment.images else ("delivery",)
    if not (wanted := source(environment, repository)):
        message = f"there is no {component_folder(OPERATIONS)} to build the image of what starts runs from"
        fix = f'write images.{OPERATIONS}: "IMAGE@sha256:..."'
        return [Problem(path, "unbuilt", message, "no digest", fix=fix)]
    message = f"what starts runs is {OPERATIONS} of source {wanted}, of which no image is listed"
    allowed, folder = f"images.{OPERATIONS}: a digest for {wanted}", component_folder(OPERATIONS)
    fix = (
        f"docker build --file {folder}/Dockerfile --tag {environment.registry}/{OPERATIONS}:{wanted} .; "
        f'push it, and write images.{OPERATIONS}: {{"{wanted}": "sha256:..."}}'
    )
    return [Problem(path, "unbuilt", message, "no digest", allowed, fix)]


def _digest(known: Image, here: str) -> str:
    return next(iter(known.digests.values())) if len(known.digests) == 1 else known.digest(here)
