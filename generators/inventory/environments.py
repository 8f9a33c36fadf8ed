"""From merged parameters, which have passed their schema, to the frozen values of `model`."""

from __future__ import annotations

from typing import Any

from generators.model import (
    Accelerator,
    Cluster,
    Database,
    Delivery,
    Environment,
    Image,
    Keep,
    Pipeline,
    Schedule,
    SecretKey,
    SecretStore,
    Serve,
    Statuses,
    StepOverlay,
    Storage,
)
from generators.quantities import seconds


def environment_from(name: str, merged: dict[str, Any]) -> Environment:
    """The environment of the file `name` that the `merged` parameters describe."""
    return Environment(
        name=name,
        namespace=merged["namespace"],
        database=_database(merged.get("database", {"url": ""})),
        storage=_storage(merged["storage"]),
        registry=merged["registry"],
        images={name: _image(image) for name, image in merged.get("images", {}).items()},
        clusters=tuple(_cluster(name, facts) for name, facts in sorted(merged["clusters"].items())),
        pipelines=tuple(_pipeline(name, settings) for name, settings in sorted(merged["pipelines"].items())),
        env=merged.get("env", {}),
        labels=merged.get("labels", {}),
        pull_policy=merged.get("pull_policy", ""),
        accept_unbuilt_images=merged.get("unbuilt_images") == "accept",
        owner=merged.get("owner", ""),
        production=merged.get("production", False),
        registries=tuple(merged.get("registries", ())),
        policies=merged.get("policies", {}),
        delivery=_delivery(merged.get("delivery")),
        keep=Keep(**merged.get("keep", {})),
        secret_store=SecretStore(**merged["secret_store"]) if "secret_store" in merged else None,
        pull_secrets=tuple(merged.get("pull_secrets", ())),
        node_selector=merged.get("node_selector", {}),
        ephemeral_storage=merged.get("ephemeral_storage", {}),
    )


def _image(image: dict[str, str] | str) -> Image:
    return Image(reference=image) if isinstance(image, str) else Image(image)


def _database(database: dict[str, Any]) -> Database:
    password = database.get("password")
    return Database(database["url"], SecretKey(**password) if password else None)


def _storage(storage: dict[str, Any]) -> Storage:
    return Storage(**storage | {"credentials": _secrets(storage.get("credentials"))})


def _delivery(delivery: dict[str, Any] | None) -> Delivery | None:
    if delivery is None:
        return None
    statuses = delivery.get("statuses")
    written = Statuses(statuses["url"], SecretKey(**statuses["token"])) if statuses else None
    return Delivery(**delivery | {"statuses": written})


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
        clusters=tuple(settings.get("clusters", ())),
        schedule=_schedule(settings.get("schedule")),
        run_on_merge=settings.get("run_on_merge", False),
        serve=Serve(**settings["serve"]) if "serve" in settings else None,
        timeout=settings.get("timeout", ""),
        hold=settings.get("hold", ""),
    )


def _schedule(schedule: dict[str, Any] | None) -> Schedule | None:
    """The schedule, with what the controllers would each take for granted if nothing said it, and not alike."""
    if schedule is None:
        return None
    known = {"timezone": "UTC", "concurrency": "forbid", "starting_deadline": "1h"} | schedule
    late = seconds(known["starting_deadline"])
    return Schedule(**known | {"cron": (known["cron"],), "starting_deadline": late})


def _step(wanted: dict[str, Any]) -> StepOverlay:
    special = {"secrets": _secrets(wanted.get("secrets")), "uses": tuple(wanted.get("uses", ()))}
    return StepOverlay(**(wanted | special))


def _secrets(references: dict[str, dict[str, str]] | None) -> dict[str, SecretKey]:
    return {variable: SecretKey(**reference) for variable, reference in (references or {}).items()}
