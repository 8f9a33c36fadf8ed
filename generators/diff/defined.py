"""Two definitions of a pipeline beside one another: what they say, and not what becomes of it."""

from __future__ import annotations

import json

from generators.diff.masking import masked_change
from generators.diff.model import Change, Line, PipelineChange
from generators.diff.state import Side
from generators.diff.tasks import tasks
from generators.diff.values import lines
from generators.engines.engine import ALWAYS_IN_KEY, CacheRule
from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.ir import definitions
from generators.ir.definitions import Definition
from generators.ir.normal_form import shape_of

_ANY = CacheRule(ALWAYS_IN_KEY | {"variable", "secret", "volume"}, False, "a cache")


def two_definitions(repository: Repository, one: str, other: str) -> Change:
    """What the second of two definitions of a pipeline, each by the start of its hash, does differently."""
    old, new = (_definition(repository, prefix) for prefix in (one, other))
    if old.pipeline != new.pipeline:
        message = f"{old.hash} is a definition of {old.pipeline}, and {new.hash} of {new.pipeline}"
        raise GraftError(message, "name two definitions of one pipeline")
    before, after = (shape_of(each.spec, each.platform) for each in (old, new))
    said = list(lines(before, after, Side(old.hash), Side(new.hash), ("", new.pipeline)))
    for name in sorted(old.sources.keys() | new.sources.keys()):
        if (was := old.sources.get(name)) != (is_ := new.sources.get(name)):
            said.append(Line("source", "", name, was, is_, new.path))
    planned = tasks(before, after, said, _ANY, "on merge", {})
    row = PipelineChange(
        new.pipeline, "", (("", "", ""),), "updated", (old.hash, new.hash), lines=tuple(said), tasks=planned
    )
    pipelines = (row,) if old.hash != new.hash else ()
    changed = sum(task.category not in ("", "metadata only") for task in planned)
    sentence = (
        f"{new.pipeline}: {new.hash} differs from {old.hash} in {len(said)} values; {changed} of {len(planned)} steps"
    )
    same = f"{new.hash} is one definition of {new.pipeline}."
    return masked_change(Change(old.hash, new.hash, f"{sentence} change." if pipelines else same, pipelines=pipelines))


def _definition(repository: Repository, prefix: str) -> Definition:
    """The only definition in the checkout whose hash begins so; GraftError where there is none, or more."""
    found = repository.files(f"{definitions.FOLDER}/*/{prefix}*.json") if prefix.isalnum() else ()
    if len(found) != 1:
        what = f"{len(found)} definitions begin" if found else "no environment is called so, and no definition begins"
        known = ", ".join(file.removeprefix(f"{definitions.FOLDER}/") for file in found)
        fix = f"name one: {known}" if found else "name two environments, or two definitions by their hashes"
        raise GraftError(f"{prefix}: {what} with it", fix)
    pipeline, text = found[0].split("/")[1], repository.text(found[0])
    try:
        return definitions.from_text(pipeline, text)
    except (ValueError, json.JSONDecodeError) as error:
        raise GraftError(f"{found[0]}: {error}", "restore it from Git") from None
