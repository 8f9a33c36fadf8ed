"""Every change of a rule between a commit and the checkout, each at its line, with what it would have refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from generators.checks.rule_changes import files, own_code, settings
from generators.checks.rule_changes.model import Loosened, RuleChange, RuleFile, changed_rules
from generators.delivery import policies
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments
from generators.fleet.fleet import Fleet
from generators.inventory.read import Repository
from generators.model import Finding

Own = Callable[[], Iterable[Finding]]
_VALIDATIONS = ("spec", "validations")


def changes(
    repository: Repository, commit: str, fleet: Fleet, own: Own, cache: Cache, before: Environments | None = None
) -> Iterator[RuleChange]:
    """Those of schemas and policies, of what environments say of them, and of graft's own code.

    `own` gives what is found by the checkout's rules; it is asked only where some schema or policy is another.
    `before` are the environments of the commit, where the caller has them already.
    """
    if rules := files.merged_first(changed_rules(repository, commit)):
        yield from _of_files(repository, commit, rules, fleet, own(), cache)
    yield from settings.changes(repository, commit, fleet, cache, before)
    yield from own_code.changes(repository, commit)


def _of_files(
    repository: Repository,
    commit: str,
    rules: list[RuleFile],
    fleet: Fleet,
    own: Iterable[Finding],
    cache: Cache,
) -> Iterator[RuleChange]:
    from generators.checks.rule_changes import refused  # all checks, which nothing else here needs

    told = files.without_derived(repository, rules)
    of_inputs = refused.refused(repository, rules, own, cache)
    for file in told:
        mine = [finding for each, finding in of_inputs if each is file or (each not in told and file is told[0])]
        yield from _of_file(file, _places(repository, commit, file, fleet), mine)


def _of_file(file: RuleFile, places: Sequence[Loosened], refusals: Sequence[Finding]) -> Iterator[RuleChange]:
    """What a file accepts of the inputs first, then the places of it that accept more of what nobody has written."""
    from generators.checks.rule_changes import refused

    named = [refused.nearest(finding, places) for finding in refusals]
    yield from (refused.change(file, finding, spot) for finding, spot in zip(refusals, named, strict=True))
    left = [each for each in places if each not in named and (each.surely or not refusals)]
    yield from files.changes(file, left)


def _places(repository: Repository, commit: str, file: RuleFile, fleet: Fleet) -> list[Loosened]:
    """Where a file refuses less than it did; where its text does not tell, what its examples show."""
    found = files.places(file)
    if not files.is_policy(file) or not found or any(each.surely for each in found):
        return found
    from generators.checks.rule_changes import examples  # which evaluate policies

    example = examples.admitted(repository, commit, file, _facts(fleet))
    return [Loosened(_VALIDATIONS, f"{example} is admitted, and was denied"), *found] if example else found


def _facts(fleet: Fleet) -> list[dict[str, str]]:
    """What policies go by in every environment, each once."""
    every = [
        policies.parameters(environment, cluster)["data"]
        for environment in fleet.environments.values()
        for cluster in environment.clusters
    ]
    return [each for position, each in enumerate(every) if each not in every[:position]]
