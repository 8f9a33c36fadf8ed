"""What environments say of rules themselves: policies that only warn or are not asked, and what policies go by.

These stand in `environments/` and `base/`, and so their owners are others than those of `schemas/`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import PurePosixPath

from generators.checks.rule_changes.model import CHANGED, SCHEMAS, WEAKER, WORDS, RuleChange
from generators.delivery.policies import FOLDER as POLICIES
from generators.engines.registry import engine
from generators.errors import GraftError
from generators.fleet import environments as described
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments
from generators.fleet.fleet import Fleet
from generators.fleet.git import changed_files, checked_out
from generators.inventory.explain import place_of
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Repository
from generators.ir.pod_security import LEVELS
from generators.model import Cluster, Environment, Place

_INPUTS = ("base", "environments")
_ENFORCED = ("skip", "warn", "deny")  # the more to the right, the more is refused
_SAID = {
    "skip": "this policy is not asked any longer",
    "warn": "this policy only warns",
}


def changes(
    repository: Repository, commit: str, fleet: Fleet, cache: Cache, before: Environments | None = None
) -> Iterator[RuleChange]:
    """A change for each setting by which an environment is held to less than it was at a commit."""
    if not changed_files(repository, commit, *_INPUTS):
        return
    with ExitStack() as stack:
        try:
            before = before or described.load(
                stack.enter_context(checked_out(repository, commit, (*_INPUTS, SCHEMAS))), cache
            )
        except GraftError as error:
            message = f"what was said of rules before cannot be read by this graft: {error.message}"
            yield RuleChange(_INPUTS[1], CHANGED, Place(_INPUTS[1], 0), "", message)
            return
        old = _before({name: each.environment for name, each in before.described.items()}, fleet.environments)
        rules = {PurePosixPath(file).stem for file in before.repository.files(f"{POLICIES}/*.yaml")}
    for name, environment in fleet.environments.items():
        for path, message in (*_policies(old.get(name), environment, rules), *_loosened(old.get(name), environment)):
            place = place_of(fleet.files.merged(name), path)
            yield RuleChange(place.file, WEAKER, place, format_path(path), f"{WORDS}{message} (in {name})")


def _before(old: Mapping[str, Environment], new: Mapping[str, Environment]) -> dict[str, Environment]:
    """What each environment was; one that has another's namespace, which is gone, is that one under another name."""
    gone = {each.namespace: each for name, each in old.items() if name not in new}
    renamed = {name: gone[each.namespace] for name, each in new.items() if name not in old and each.namespace in gone}
    return {**old, **renamed}


def _policies(old: Environment | None, new: Environment, rules: Collection[str]) -> Iterator[tuple[KeyPath, str]]:
    """Policies that were there and are enforced less, also in an environment that is new."""
    for rule, setting in new.policies.items():
        was = old.policies.get(rule, "deny") if old else "deny"
        if rule in rules and _rank(setting, _ENFORCED) < _rank(was, _ENFORCED):
            yield ("policies", rule), f"{_SAID.get(setting, setting)}, and {'denied' if was == 'deny' else 'warned'}"


def _loosened(old: Environment | None, new: Environment) -> Iterator[tuple[KeyPath, str]]:
    """What else an environment says that policies and checks go by."""
    if old is None:
        return
    if new.accept_unbuilt_images and not old.accept_unbuilt_images:
        yield ("unbuilt_images",), "images that nobody has built are accepted, and were refused"
    if old.production and not new.production:
        yield ("production",), "what is asked of production is not asked of this environment any longer"
    known = {old.registry, *old.registries}
    for path, values in ((("registry",), [new.registry]), (("registries",), new.registries)):
        if more := [each for each in values if each not in known]:
            yield path, f"images may come from {', '.join(more)} too"
    for cluster in new.clusters:
        was = _level_before(old, cluster)
        if _rank(cluster.facts.get("pod_security", ""), LEVELS) < _rank(was, LEVELS):
            yield ("clusters", cluster.name, "pod_security"), f"pods may do more: the level was {was}"


def _level_before(old: Environment, cluster: Cluster) -> str:
    """The level of a cluster as it was; of one that is new, or has another name, the least that all others had."""
    levels = {each.name: each.facts.get("pod_security", "") for each in old.clusters if _has_pods(each)}
    if cluster.name in levels or not levels or not _has_pods(cluster):
        return levels.get(cluster.name, "")
    return min(levels.values(), key=lambda each: _rank(each, LEVELS))


def _has_pods(cluster: Cluster) -> bool:
    return engine(cluster.engine).in_containers


def _rank(value: str, ranked: Sequence[str]) -> int:
    """How much is refused: what is not known refuses least."""
    return ranked.index(value) if value in ranked else 0
