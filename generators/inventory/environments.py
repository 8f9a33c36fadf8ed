"""From merged parameters, which have passed their schema, to the frozen values of `model`."""

from __future__ import annotations

from typing import Any

from generators.model import (
    Accelerator,
    Cluster,
    Database,
    Environment,
    Image,
    Pipeline,
    SecretKey,
    StepOverlay,
    Storage,
)


def environment_from(name: str, merged: dict[str, Any]) -> Environment:
    """The environment of the file `name` that the `merged` parameters describe."""
    return Environment(
        name=name,
        namespace=merged["namespace"],
        database=_database(merged["database"]),
        storage=Storage(merged["storage"]["uri"], _secrets(merged["storage"].get("credentials"))),
        registry=merged["registry"],
        images={name: _image(image) for name, image in merged.get("images", {}).items()},
        clusters=tuple(_cluster(name, facts) for name, facts in sorted(merged["clusters"].items())),
        pipelines=tuple(_pipeline(name, settings) for name, settings in sorted(merged["pipelines"].items())),
        env=merged.get("env", {}),
        labels=merged.get("labels", {}),
        pull_policy=merged.get("pull_policy", ""),
        accept_unbuilt_images=merged.get("unbuilt_images") == "accept",
    )


def _image(image: dict[str, str] | str) -> Image:
    return Image(reference=image) if isinstance(image, str) else Image(image)


def _database(database: dict[str, Any]) -> Database:
    password = database.get("password")
    return Database(database["url"], SecretKey(**password) if password else None)


def _cluster(name: str, facts: dict[str, Any]) -> Cluster:
    accelerators = tuple(
        Accelerator(type_, needs.get("node_selector", {}), tuple(needs.get("tolerations", ())))
        for type_, needs in facts.get("accelerators", {}).items()
    )
    common = {key: facts[key] for key in ("engine", "server", "capacity") if key in facts}
    own = {key: value for key, value in facts.items() if key not in common and key != "accelerators"}
    return Cluster(name, **common, accelerators=accelerators, facts=own)


def _pipeline(name: str, settings: dict[str, Any]) -> Pipeline:
    return Pipeline(
        name=name,
        definition=settings.get("definition", ""),
        parameters=settings.get("parameters", {}),
        steps={path: _step(wanted) for path, wanted in settings.get("steps", {}).items()},
    )


def _step(wanted: dict[str, Any]) -> StepOverlay:
    special = {"secrets": _secrets(wanted.get("secrets")), "uses": tuple(wanted.get("uses", ()))}
    return StepOverlay(**(wanted | special))


def _secrets(references: dict[str, dict[str, str]] | None) -> dict[str, SecretKey]:
    return {variable: SecretKey(**reference) for variable, reference in (references or {}).items()}
