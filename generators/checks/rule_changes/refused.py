"""What only the rules of a change accept: the findings that the base's rules have and its own do not.

The base's schemas and policies judge the same inputs, rendered by the same graft. Which of its rules a finding is of is
found by giving back one changed file after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from generators.checks import registry
from generators.checks.rule_changes.files import is_policy
from generators.checks.rule_changes.model import REFUSED, SCHEMAS, WORDS, Loosened, RuleChange, RuleFile
from generators.delivery.policies import FOLDER as POLICIES
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.inventory.paths import format_path
from generators.inventory.read import Repository
from generators.model import Finding, Place

_TRIED = 8  # schemas that are given back one by one; what none of them explains is the first file's
Key = tuple[str, str, Place, str]


def refused(
    repository: Repository, files: Sequence[RuleFile], own: Iterable[Finding], cache: Cache
) -> list[tuple[RuleFile, Finding]]:
    """Each finding that the base's rules have alone, with the file that it is of.

    GraftError where they can judge nothing.
    """
    known = {_key(each) for each in own if each.failing}
    left = {key: each for each in _judged(repository, files, cache) if (key := _key(each)) not in known}
    found: list[tuple[RuleFile, Finding]] = []
    for file in _tried(files) if len(files) > 1 else ():
        mine = _mine(repository, file, left, cache)
        found += [(file, left.pop(key)) for key in sorted(mine)]
    return [*found, *((files[0], each) for each in left.values())]


def _tried(files: Sequence[RuleFile]) -> list[RuleFile]:
    """The files that are asked one by one: policies, which findings name, then those that are given back."""
    policies = [each for each in files if is_policy(each)]
    return [*policies, *[each for each in files if each not in policies][:_TRIED]]


def _mine(repository: Repository, file: RuleFile, left: Mapping[Key, Finding], cache: Cache) -> set[Key]:
    """Of the findings that are left, those that a file is the rule of."""
    if not left:
        return set()
    if is_policy(file):
        rule = file.file.removeprefix(f"{POLICIES}/").removesuffix(".yaml")
        return {key for key, each in left.items() if (each.check, each.rule) == ("policy", rule)}
    return {_key(each) for each in _judged(repository, [file], cache)} & left.keys()


def change(file: RuleFile, finding: Finding, spot: Loosened | None) -> RuleChange:
    """What only a changed file accepts, at the place of it that lets it through."""
    path = spot.path if spot else ()
    what = f"{WORDS}{spot.what}; " if spot else ""
    said = ": ".join(filter(None, (finding.path, finding.message)))
    message = f"{what}the base's rules refuse {finding.place}: {said}"
    return RuleChange(file.file, REFUSED, file.place(path), format_path(path), message, finding.found, finding.allowed)


def nearest(finding: Finding, spots: Sequence[Loosened]) -> Loosened | None:
    """The place whose path has most of what a finding's path ends in, and is of its keyword."""
    names = finding.path.split(".")

    def alike(spot: Loosened) -> tuple[int, bool, bool]:
        parts = {str(part) for part in spot.path}
        return sum(name in parts for name in names), finding.rule in parts, spot.surely

    return max(spots, key=alike, default=None)


def _judged(repository: Repository, files: Iterable[RuleFile], cache: Cache) -> list[Finding]:
    """What is refused of the inputs where some files are as the base has them."""
    given_back = repository.edited({each.file: each.before for each in files})
    try:
        return [each for each in registry.judge(given_back, cache).findings if _is_of_inputs(each)]
    except GraftError as error:
        raise GraftError(f"the base's rules judge nothing: {error.message}", error.fix) from error


def _is_of_inputs(finding: Finding) -> bool:
    """Whether a finding refuses an input: not how policies are rendered, nor that a rule is not there yet."""
    of_a_rule = finding.place.file.startswith(f"{SCHEMAS}/") and finding.rule != "default"
    return finding.failing and finding.check != "rendered" and finding.rule != "unknown-policy" and not of_a_rule


def _key(finding: Finding) -> Key:
    return finding.check, finding.rule, finding.place, finding.path
