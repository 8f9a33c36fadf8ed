"""From two sides to the change; a pure function of them and of the time, by which next fire times are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from generators.checks.history import deletions, immutable
from generators.checks.history.change import Change as History
from generators.diff.inputs import inputs
from generators.diff.masking import masked_change
from generators.diff.model import Change, Destruction, PipelineChange, RuleLine
from generators.diff.money import total
from generators.diff.objects import alike as alike_objects
from generators.diff.objects import history, objects
from generators.diff.pipelines import Comparison, folders
from generators.diff.sentence import sentence
from generators.diff.state import Side
from generators.fleet.manifests import RENDERED


def compare(
    base: Side,
    head: Side,
    now: datetime | None = None,
    files: Iterable[str] = (),
    notes: Iterable[str] = (),
    rules: Iterable[RuleLine] = (),
) -> Change:
    """What becomes of the fleet; `files` are those that changed and that no render writes."""
    moment = now or datetime.now(UTC)
    compared = sorted((Comparison(base, head, folder, moment) for folder in folders(base, head)), key=_matters)
    pipelines, told = [], {}
    for each in compared:
        change = each.change()
        pipelines.append(change)
        folder = f"{RENDERED}/{each.folder.place}/{each.folder.pipeline}"
        told[folder] = list(change.lines), each.names, change.schedule is not None
    known = history(base, head, None)
    found = Change(
        base.label,
        head.label,
        destroyed=tuple(_destroyed(known)),
        pipelines=alike(pipelines),
        objects=alike_objects(objects(known, base, head, told)),
        inputs=inputs(base, head),
        files=tuple(files),
        notes=tuple(notes),
        costs=total(pipelines),
        rules=tuple(rules),
    )
    return masked_change(replace(found, sentence=sentence(found)))


def _matters(each: Comparison) -> tuple[bool, bool, bool, str, str, str]:
    """What a reviewer looks at first: production, then what is delivered to clusters, and this machine last."""
    described = each.head.environments.get(each.folder.environment)
    delivered = each.engine is not None and each.engine.on_kubernetes
    here = each.engine is not None and bool(each.engine.here)
    return not (described and described.production), here, not delivered, *each.folder.at, each.folder.cluster


def _destroyed(known: History) -> Iterator[Destruction]:
    for each in (*deletions.destroyed(known), *immutable.replaced(known)):
        yield Destruction(each.name, each.why)
    for finding in immutable.findings(known):
        yield Destruction(finding.place.file, f"{finding.path}: {finding.message}: the sync is refused")


def alike(found: list[PipelineChange]) -> tuple[PipelineChange, ...]:
    """The same said once for all clusters of an environment that it is true of."""
    groups: dict[PipelineChange, list[tuple[str, str, str]]] = {}
    for each in found:
        groups.setdefault(replace(each, versions=()), []).extend(each.versions)
    return tuple(replace(each, versions=tuple(dict.fromkeys(rows))) for each, rows in groups.items())
